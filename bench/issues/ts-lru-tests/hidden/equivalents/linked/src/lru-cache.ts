interface Node<Key, Value> {
  readonly key: Key;
  value: Value;
  older: Node<Key, Value> | undefined;
  newer: Node<Key, Value> | undefined;
}

/** The same from outside, with a list inside. */
export class LruCache<Key, Value> {
  #index = new Map<Key, Node<Key, Value>>();
  #oldest: Node<Key, Value> | undefined;
  #newest: Node<Key, Value> | undefined;
  #most: number;

  constructor(capacity: number) {
    if (!(Number.isInteger(capacity) && capacity >= 1)) throw new RangeError('capacity must be a whole number above zero');
    this.#most = capacity;
  }

  get size(): number {
    return this.#index.size;
  }

  get(key: Key): Value | undefined {
    const node = this.#index.get(key);
    if (node === undefined) return undefined;
    this.#unlink(node);
    this.#append(node);
    return node.value;
  }

  peek(key: Key): Value | undefined {
    return this.#index.get(key)?.value;
  }

  set(key: Key, value: Value): void {
    this.delete(key);
    const node: Node<Key, Value> = { key, value, older: undefined, newer: undefined };
    this.#index.set(key, node);
    this.#append(node);
    if (this.#index.size > this.#most && this.#oldest !== undefined) this.delete(this.#oldest.key);
  }

  delete(key: Key): boolean {
    const node = this.#index.get(key);
    if (node === undefined) return false;
    this.#unlink(node);
    return this.#index.delete(key);
  }

  keys(): readonly Key[] {
    const keys: Key[] = [];
    for (let node = this.#oldest; node !== undefined; node = node.newer) keys.push(node.key);
    return keys;
  }

  #append(node: Node<Key, Value>): void {
    node.older = this.#newest;
    node.newer = undefined;
    if (this.#newest !== undefined) this.#newest.newer = node;
    this.#newest = node;
    this.#oldest ??= node;
  }

  #unlink(node: Node<Key, Value>): void {
    if (node.older === undefined) this.#oldest = node.newer;
    else node.older.newer = node.newer;
    if (node.newer === undefined) this.#newest = node.older;
    else node.newer.older = node.older;
  }
}
