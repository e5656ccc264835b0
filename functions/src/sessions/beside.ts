import type { TurnCall } from "./turn";

/** Work that runs beside the reply, so that no reply waits for it and the key is at hand. */
export type Beside<T> = {
  /** Once the reply is there: what is not done after a grace is given up. */
  hurry: () => void;
  /** Null where it failed or was given up; the reply stands in any case. */
  result: Promise<T | null>;
  /** What is there so far, for a reply that broke off. */
  soFar: () => T | null;
};

/** Nothing to do beside this reply. */
export const nothingBeside = <T>(): Beside<T> => ({
  hurry: () => undefined,
  result: Promise.resolve(null),
  soFar: () => null,
});

/** @param what names the work in the log */
export function startBeside<T>(
  { services, signal }: Pick<TurnCall, "services" | "signal">,
  { what, graceMs }: { what: string; graceMs: number },
  run: (signal: AbortSignal) => Promise<T>,
): Beside<T> {
  const late = new AbortController();
  let done: T | null = null;
  let over = false;
  let timer: NodeJS.Timeout;
  const result = run(AbortSignal.any([signal, late.signal]))
    .then((value) => {
      done = value;
      return value;
    })
    .catch((error) => {
      if (!late.signal.aborted && !signal.aborted) services.log.afterReply(what, error);
      return null;
    })
    .finally(() => {
      over = true;
      clearTimeout(timer);
    });
  const hurry = () => {
    if (!over) timer = setTimeout(() => late.abort(), graceMs);
  };
  return { hurry, result, soFar: () => done };
}
