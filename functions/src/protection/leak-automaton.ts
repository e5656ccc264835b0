/**
 * A suffix automaton: every substring of the indexed text is a path from state 0, so the longest part of a
 * stream's tail that stands in the text is known after each symbol in amortised constant time, however
 * repetitive the text is. Blumer et al. 1985; at most 2n states and 3n edges, kept in flat typed arrays.
 */
export interface Automaton {
  /** Longest substring of each state. */
  readonly length: Int32Array;
  /** State of the longest proper suffix that ends elsewhere too. */
  readonly link: Int32Array;
  /** Index of the last symbol of the first occurrence. */
  readonly end: Int32Array;
  /** State after one more symbol, 0 when the text does not go on like that. */
  next(state: number, symbol: number): number;
  /** All states, a suffix before what it is a suffix of. */
  readonly byLength: Int32Array;
  readonly bytes: number;
}

class Builder {
  private readonly length: Int32Array;
  private readonly link: Int32Array;
  private readonly end: Int32Array;
  private readonly head: Int32Array;
  private readonly edgeSymbol: Int32Array;
  private readonly edgeTarget: Int32Array;
  private readonly edgeNext: Int32Array;
  private readonly root: Int32Array;
  private states = 1;
  private edges = 1;
  private last = 0;

  constructor(symbols: number, alphabet: number) {
    this.length = new Int32Array(2 * symbols + 2);
    this.link = new Int32Array(2 * symbols + 2).fill(-1);
    this.end = new Int32Array(2 * symbols + 2).fill(-1);
    this.head = new Int32Array(2 * symbols + 2);
    this.edgeSymbol = new Int32Array(3 * symbols + 4);
    this.edgeTarget = new Int32Array(3 * symbols + 4);
    this.edgeNext = new Int32Array(3 * symbols + 4);
    this.root = new Int32Array(alphabet);
  }

  private edge(state: number, symbol: number): number {
    let edge = this.head[state] as number;
    while (edge !== 0 && this.edgeSymbol[edge] !== symbol) edge = this.edgeNext[edge] as number;
    return edge;
  }

  private target(state: number, symbol: number): number {
    return (state === 0 ? this.root[symbol] : this.edgeTarget[this.edge(state, symbol)]) as number;
  }

  private connect(state: number, symbol: number, target: number): void {
    if (state === 0) {
      this.root[symbol] = target;
      return;
    }
    let edge = this.edge(state, symbol);
    if (edge === 0) {
      edge = this.edges++;
      this.edgeSymbol[edge] = symbol;
      this.edgeNext[edge] = this.head[state] as number;
      this.head[state] = edge;
    }
    this.edgeTarget[edge] = target;
  }

  /** A state for the shorter strings of `target`, which now end in more places than its longest one. */
  private split(target: number, length: number): number {
    const copy = this.states++;
    this.length[copy] = length;
    this.link[copy] = this.link[target] as number;
    this.end[copy] = this.end[target] as number;
    for (let edge = this.head[target] as number; edge !== 0; edge = this.edgeNext[edge] as number) {
      this.connect(copy, this.edgeSymbol[edge] as number, this.edgeTarget[edge] as number);
    }
    this.link[target] = copy;
    return copy;
  }

  append(symbol: number, position: number): void {
    const current = this.states++;
    this.length[current] = (this.length[this.last] as number) + 1;
    this.end[current] = position;
    let state = this.last;
    while (state !== -1 && this.target(state, symbol) === 0) {
      this.connect(state, symbol, current);
      state = this.link[state] as number;
    }
    this.last = current;
    if (state === -1) {
      this.link[current] = 0;
      return;
    }
    const target = this.target(state, symbol);
    const length = (this.length[state] as number) + 1;
    if (this.length[target] === length) {
      this.link[current] = target;
      return;
    }
    const copy = this.split(target, length);
    while (state !== -1 && this.target(state, symbol) === target) {
      this.connect(state, symbol, copy);
      state = this.link[state] as number;
    }
    this.link[current] = copy;
  }

  build(): Automaton {
    const [length, link, end, head] = [this.length, this.link, this.end, this.head].map((array) =>
      array.slice(0, this.states),
    ) as [Int32Array, Int32Array, Int32Array, Int32Array];
    const [edgeSymbol, edgeTarget, edgeNext] = [this.edgeSymbol, this.edgeTarget, this.edgeNext].map(
      (array) => array.slice(0, this.edges),
    ) as [Int32Array, Int32Array, Int32Array];
    const root = this.root;
    const next = (state: number, symbol: number): number => {
      if (state === 0) return root[symbol] as number;
      let edge = head[state] as number;
      while (edge !== 0 && edgeSymbol[edge] !== symbol) edge = edgeNext[edge] as number;
      return edgeTarget[edge] as number;
    };
    const bytes = 20 * this.states + 12 * this.edges + 4 * root.length;
    return { length, link, end, next, byLength: sortByLength(length), bytes };
  }
}

function sortByLength(length: Int32Array): Int32Array {
  const slots = new Int32Array(length.length + 1);
  for (const each of length) slots[each + 1] = (slots[each + 1] as number) + 1;
  for (let i = 1; i < slots.length; i++) slots[i] = (slots[i] as number) + (slots[i - 1] as number);
  const sorted = new Int32Array(length.length);
  length.forEach((each, state) => {
    sorted[slots[each] as number] = state;
    slots[each] = (slots[each] as number) + 1;
  });
  return sorted;
}

/** Builds the automaton of `symbols` (each in 0 … alphabet − 1). */
export function buildAutomaton(symbols: ArrayLike<number>, alphabet: number): Automaton {
  const builder = new Builder(symbols.length, alphabet);
  for (let i = 0; i < symbols.length; i++) builder.append(symbols[i] as number, i);
  return builder.build();
}
