import { Component, type ComponentChildren, type FunctionComponent } from "preact";

/** A component that is drawn again only when one of its props is another one. */
export function memo<P extends object>(View: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const names = Object.keys(next) as (keyof P)[];
      return names.some((name) => next[name] !== this.props[name as never]);
    }
    override render(): ComponentChildren {
      return <View {...(this.props as P)} />;
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}
