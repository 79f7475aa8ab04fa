#!/bin/sh
# Starts one Redis of compose.yaml: `redis.sh primary|replica|sentinel|node`. What it writes is its
# own configuration, so that the secret stays out of the list of processes.
#   REDIS_PASSWORD   of servers and Sentinels
#   ANNOUNCED_HOST   the name by which the others reach it
#   PRIMARY_HOST, PRIMARY_PORT   what a replica follows and a Sentinel watches first
set -eu

role=$1
folder=${FOLDER:-/data}
shared=${SHARED_CONFIG:-/etc/staleproof/redis.conf}
primary="${PRIMARY_HOST:-redis} ${PRIMARY_PORT:-6379}"
own="$folder/$role.conf"
umask 077

server() {
  cat <<CONF
include $shared
port ${PORT:-6379}
dir $folder
requirepass $REDIS_PASSWORD
masterauth $REDIS_PASSWORD
CONF
}

sentinel() {
  cat <<CONF
port ${PORT:-26379}
dir $folder
requirepass $REDIS_PASSWORD
sentinel sentinel-pass $REDIS_PASSWORD
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $ANNOUNCED_HOST
sentinel monitor main $primary ${QUORUM:-2}
sentinel auth-pass main $REDIS_PASSWORD
sentinel down-after-milliseconds main ${DOWN_AFTER_MS:-3000}
sentinel failover-timeout main 15000
CONF
}

# A Sentinel remembers in its file whom it follows now, and that is not to be forgotten.
[ "$role" = sentinel ] && [ -f "$own" ] && exec redis-server "$own" --sentinel

case $role in
primary) server && echo "replica-announce-ip $ANNOUNCED_HOST" ;;
replica) server && printf 'replica-announce-ip %s\nreplicaof %s\n' "$ANNOUNCED_HOST" "$primary" ;;
node)
  server
  cat <<CONF
cluster-enabled yes
cluster-config-file nodes.conf
cluster-announce-hostname $ANNOUNCED_HOST
cluster-preferred-endpoint-type hostname
CONF
  ;;
sentinel) sentinel ;;
*) echo "expected primary, replica, sentinel or node, got $role" >&2 && exit 64 ;;
esac >"$own"

[ "$role" = sentinel ] && exec redis-server "$own" --sentinel
exec redis-server "$own"
