/** Which number is to be explained: a metric, and what it was narrowed by beyond the page's range and filters. */
export interface Subject {
  metric: string;
  filter?: Record<string, string>;
  /** What it was narrowed to, in words. */
  of?: string;
}

/** The page's one panel that tells where a number comes from. */
class Explaining {
  subject = $state.raw<Subject | undefined>(undefined);

  open(subject: Subject): void {
    this.subject = subject;
  }

  close(): void {
    this.subject = undefined;
  }
}

export const explaining = new Explaining();
