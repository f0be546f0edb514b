import cliProgress from 'cli-progress';
import type { Logger } from 'pino';

/** Told how far a run is. Only the command line decides what is shown of it. */
export interface Progress {
  start(clients: number): void;
  advance(clients: number, images: number): void;
  stop(): void;
}

export const NO_PROGRESS: Progress = {
  start: () => undefined,
  advance: () => undefined,
  stop: () => undefined,
};

/** Counts and speed of a run under way. `now` gives milliseconds. */
class Pace {
  clients = 0;
  images = 0;
  private readonly started: number;

  constructor(
    readonly total: number,
    private readonly now: () => number,
  ) {
    this.started = now();
  }

  get imagesPerSecond(): number {
    return Math.round((this.images * 1000) / Math.max(1, this.now() - this.started));
  }

  /** Seconds left at the speed so far; null while nothing is done. */
  get secondsLeft(): number | null {
    if (this.clients === 0) return null;
    return Math.round(((this.now() - this.started) / 1000 / this.clients) * (this.total - this.clients));
  }
}

/** ` 170000/170000 clients | 12345 images/s | 12h 34m left`, and the column that some terminals keep free. */
const TEXT_BESIDE_BAR = 56;
const LEAST_BAR = 10;
const MOST_BAR = 80;

/** A bar on a terminal: clients done, images per second, time left. */
export function barProgress(stream: NodeJS.WriteStream, now: () => number): Progress {
  const room = (stream.columns > 0 ? stream.columns : 80) - TEXT_BESIDE_BAR;
  const bar = new cliProgress.SingleBar({
    stream,
    format: '{bar} {value}/{total} clients | {speed} images/s | {left} left',
    barsize: Math.max(LEAST_BAR, Math.min(MOST_BAR, room)),
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  });
  let pace = new Pace(0, now);
  return {
    start: (clients) => {
      pace = new Pace(clients, now);
      bar.start(clients, 0, { speed: 0, left: '…' });
    },
    advance: (clients, images) => {
      pace.clients += clients;
      pace.images += images;
      bar.update(pace.clients, { speed: pace.imagesPerSecond, left: duration(pace.secondsLeft) });
    },
    stop: () => {
      bar.stop();
    },
  };
}

/**
 * The event `progress` in the log, every so many milliseconds and when the reading has ended.
 * @param interval null for the end only
 */
export function logProgress(log: Logger, now: () => number, interval: number | null = 30_000): Progress {
  let pace = new Pace(0, now);
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    const { clients, total, images, imagesPerSecond, secondsLeft } = pace;
    const fields = { event: 'progress', clients, of: total, images, images_per_second: imagesPerSecond };
    const left = clients === total ? '' : `, ${duration(secondsLeft)} left`;
    log.info(fields, `${clients} of ${total} clients, ${imagesPerSecond} images/s${left}`);
  };
  return {
    start: (clients) => {
      pace = new Pace(clients, now);
      if (interval !== null) timer = setInterval(tell, interval).unref();
    },
    advance: (clients, images) => {
      pace.clients += clients;
      pace.images += images;
    },
    stop: () => {
      clearInterval(timer);
      tell();
    },
  };
}

/** Tells two. */
export function bothProgress(first: Progress, second: Progress): Progress {
  return {
    start: (clients) => {
      first.start(clients);
      second.start(clients);
    },
    advance: (clients, images) => {
      first.advance(clients, images);
      second.advance(clients, images);
    },
    stop: () => {
      first.stop();
      second.stop();
    },
  };
}

/** `95` -> `1m 35s`. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '…';
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${Math.floor(seconds % 60)}s` : `${seconds}s`;
}
