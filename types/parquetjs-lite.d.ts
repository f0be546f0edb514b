/** The part of parquetjs-lite that the project uses; the package ships no types. */
declare module 'parquetjs-lite' {
  namespace parquet {
    interface ParquetField {
      type: 'UTF8' | 'BOOLEAN' | 'INT32' | 'INT64' | 'DOUBLE';
      optional?: boolean;
      compression?: 'UNCOMPRESSED' | 'GZIP' | 'SNAPPY';
    }
    class ParquetSchema {
      constructor(fields: Record<string, ParquetField>);
      readonly fieldList: readonly unknown[];
    }
    /** What the writer calls of a stream. */
    interface ParquetSink {
      write(bytes: Buffer, done: (error?: Error | null) => void): void;
      end(done: (error?: Error | null) => void): void;
    }
    class ParquetWriter {
      static openStream(
        schema: ParquetSchema,
        stream: ParquetSink,
        options?: { pageIndex?: boolean },
      ): Promise<ParquetWriter>;
      appendRow(row: Record<string, unknown>): Promise<void>;
      setMetadata(key: string, value: string): void;
      close(): Promise<void>;
    }
  }
  export default parquet;
}
