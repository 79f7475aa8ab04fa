#!/bin/sh
# Makes a Cluster of the given nodes, `host:port` each, unless they are one already.
#   REDISCLI_AUTH   their password
set -eu

first=$1
if redis-cli -u "redis://$first" cluster info | grep -q '^cluster_state:ok'; then exit 0; fi
exec redis-cli --cluster create "$@" --cluster-replicas 0 --cluster-yes
