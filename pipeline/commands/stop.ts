/** A signal that is aborted when the user wants the program to stop; asked for again, the system ends it. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const onSignal = () => {
    stop.abort();
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  return stop.signal;
}
