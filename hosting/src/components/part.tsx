import type { ComponentChildren } from "preact";

type Props = { id: string; title: string; what: string; children: ComponentChildren };

/** One part of a long page, with an address of its own: what it is about, and what can be done. */
export function Part({ id, title, what, children }: Props) {
  return (
    <section id={id} class="part" aria-labelledby={`${id}-title`}>
      <div class="part-what">
        <h2 id={`${id}-title`}>{title}</h2>
        <p>{what}</p>
      </div>
      <div class="part-ways">{children}</div>
    </section>
  );
}
