/** The server's clock, as its frames tell it; a frame that was held up on its way says too little, never too much. */
export class ServerClock {
  private offsets: number[] = [];

  constructor(private readonly own: () => number) {}

  /** What has to be added to this machine's clock to get the server's. */
  offset(): number {
    return this.offsets.length ? Math.max(...this.offsets) : 0;
  }

  /** Takes what a frame has told; of the last thirty the best one counts. */
  learn(time: string): void {
    const server = Date.parse(time);
    if (Number.isNaN(server)) return;
    this.offsets.push(server - this.own());
    if (this.offsets.length > 30) this.offsets.shift();
  }
}
