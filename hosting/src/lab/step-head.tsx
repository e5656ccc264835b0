import type { ComponentChildren } from "preact";
import { type LabStep, paths } from "../router";

/** What a step asks, in a line, and why. */
export function StepHead({ title, what }: { title: string; what: string }) {
  return (
    <header class="step-head">
      <h1>{title}</h1>
      <p class="lede">{what}</p>
    </header>
  );
}

type WayProps = { code: string | null; to: LabStep; quiet?: boolean; children: ComponentChildren };

/** A way to another step: the one thing that a step asks for, or quietly beside it. */
export function Way({ code, to, quiet = false, children }: WayProps) {
  return (
    <a class={quiet ? "button button-quiet" : "button"} href={paths.lab(code, to)}>
      {children}
    </a>
  );
}
