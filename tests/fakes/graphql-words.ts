/** What is read word by word: names, numbers, `...`, single signs; texts with their quotes. Commas and comments are nothing. */
export class GraphqlWords {
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#words = text.match(/\.\.\.|"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|-?\d+|#[^\n]*|[^\s,]/g) ?? [];
    this.#words = this.#words.filter((word) => !word.startsWith('#'));
  }

  get next(): string {
    return this.#words[this.#at] ?? '';
  }

  take(): string {
    const word = this.next;
    if (word === '') throw new Error('it ends too early');
    this.#at += 1;
    return word;
  }

  /** The same, when it is this word. */
  skip(word: string): boolean {
    const found = this.next === word;
    if (found) this.#at += 1;
    return found;
  }

  expect(word: string): void {
    const found = this.take();
    if (found !== word) throw new Error(`"${found}" where "${word}" should be`);
  }

  /** `[Int!]!`, as it is written. */
  type(): string {
    const inner = this.skip('[') ? `[${this.type()}` : this.take();
    if (inner.startsWith('[')) this.expect(']');
    const whole = inner.startsWith('[') ? `${inner}]` : inner;
    return this.skip('!') ? `${whole}!` : whole;
  }

  /** A value, as it is written: a word, `$name`, or what stands between brackets. */
  value(): string {
    const first = this.take();
    if (first === '$') return `$${this.take()}`;
    const close = first === '[' ? ']' : first === '{' ? '}' : undefined;
    if (close === undefined) return first;
    let text = first;
    while (this.next !== close) text += `${this.value()} `;
    return text + this.take();
  }
}
