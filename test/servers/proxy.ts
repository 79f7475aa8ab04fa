/** The proxy that the library publishes, for tests beside the other servers. */
export { type ProxyMode, type RedisProxy, startProxy } from 'staleproof/testing'
