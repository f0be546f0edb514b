import { TooLargeFault } from '../base/fault.js';

/** What one client and one batch may cost: far more than real ones do, less than what a worker or a format can hold. */

/** Bytes of JSON files and DICOM headers: values take several times as much in memory. */
const MAX_CLIENT_BYTES = 192 * 1024 * 1024;
/** Images on the disk, or mismatches. */
const MAX_CLIENT_ROWS = 1_000_000;

/** Of what is read for one batch. What is written is at most a few times as much, and a batch holds 2 GB. */
const MAX_BATCH_BYTES = 64 * 1024 * 1024;
const MAX_BATCH_ROWS = 100_000;

/** Counts what a client costs while she is read. */
export class ClientBudget {
  bytes = 0;

  /** @throws TooLargeFault when these bytes are more than what is left */
  spend(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > MAX_CLIENT_BYTES)
      throw new TooLargeFault(`Her JSON files and DICOM headers have more than ${MAX_CLIENT_BYTES} bytes`);
  }

  /** @throws TooLargeFault when there are more rows of one sort than a client may have */
  static checkRows(rows: number, what: string): void {
    if (rows > MAX_CLIENT_ROWS) throw new TooLargeFault(`She has more than ${MAX_CLIENT_ROWS} ${what}`);
  }
}

/** Counts what goes into a batch. It depends on the clients of a task alone, for the bytes of the output do. */
export class BatchBudget {
  private bytes = 0;
  private rows = 0;

  /**
   * Whether a client goes into the batch with those before her; if not, a new batch begins with her.
   * @param bytes that were read of her
   */
  hasRoomFor(bytes: number): boolean {
    const isEmpty = this.bytes === 0 && this.rows === 0;
    const fits = isEmpty || (this.bytes + bytes <= MAX_BATCH_BYTES && this.rows < MAX_BATCH_ROWS);
    if (!fits) this.bytes = this.rows = 0;
    this.bytes += bytes;
    return fits;
  }

  addRows(rows: number): void {
    this.rows += rows;
  }
}
