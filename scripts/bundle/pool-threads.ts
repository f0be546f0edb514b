/**
 * Threads that wait for the file system while files are read ahead. Fewer hide less of a file server's latency; more of them
 * contend for the one queue of the pool.
 */
export const POOL_THREADS = 32;
