import { minding } from "../client/account";
import type * as api from "../client/api";
import { type ApiError, toApiError } from "../client/errors";
import type { Reply } from "../client/shapes";
import type { Flow } from "./flow";
import { persist } from "./persist";
import type { View } from "./view";

/** One thing that the model is asked for: an opening, a reply or a recap. */
export type Work = {
  idempotencyKey: string;
  send: (turn: api.Turn) => Promise<Reply>;
  done: (reply: Reply) => void;
  failed: (error: ApiError) => void;
  again: () => void;
};

/** Sends until it is answered, its text in a steady flow; a dropped line is taken up under the same key. */
export async function run(
  work: Work,
  flow: Flow,
  signal: AbortSignal,
  put: (change: Partial<View>) => void,
): Promise<void> {
  let reconnecting = false;
  const tell = (now: boolean) => {
    if (now !== reconnecting) put({ reconnecting: now });
    reconnecting = now;
  };
  const onDelta = (text: string) => {
    tell(false);
    if (!signal.aborted) flow.push(text);
  };
  const send = () => {
    flow.reset();
    return work.send({ signal, onDelta, idempotencyKey: work.idempotencyKey });
  };
  try {
    const reply = await minding(persist(send, signal, () => tell(true)));
    await flow.finish(reply.reply);
    work.done(reply);
    put({ busy: null, reconnecting: false });
  } catch (thrown) {
    flow.flush();
    const error = toApiError(thrown);
    work.failed(error);
    put({ busy: null, reconnecting: false, problem: { error, again: work.again } });
  }
}
