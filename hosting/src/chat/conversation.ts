import { minding } from "../client/account";
import * as api from "../client/api";
import { ApiError, toApiError } from "../client/errors";
import { key, remember } from "../client/key";
import type { Message, Reply, Session } from "../client/shapes";
import { NEW_SESSION } from "../router";
import { createStore } from "../store";
import { type Entry, entry, toEntry } from "./entries";
import { Flow } from "./flow";
import { newKey, note, openingPlace, type Pending, pendingAt, turnPlace } from "./pending";
import { persist } from "./persist";

export type View = {
  loading: boolean;
  session: Session | null;
  entries: Entry[];
  /** What is on its way: an opening, a reply or a recap. */
  busy: "opening" | "reply" | "recap" | null;
  /** The connection was lost and the same request goes out again. */
  reconnecting: boolean;
  recap: string | null;
  problem: { error: ApiError; again: (() => void) | null } | null;
};

const EMPTY: View = {
  loading: true,
  session: null,
  entries: [],
  busy: null,
  reconnecting: false,
  recap: null,
  problem: null,
};

/** One conversation as the page sees it: what is shown, and what the visitor can do to it. */
export class Conversation {
  readonly view = createStore<View>(EMPTY);
  private turn: AbortController | null = null;
  private left = false;

  constructor(
    private readonly code: string,
    private readonly onOpened: (session: Session) => void,
    /** How it is opened: with the saved assistant of this code, where nothing else is said. */
    private readonly openWith = (model: string | undefined, turn: api.Turn) =>
      api.openSession(code, model, turn),
  ) {}

  /** Shows a stored session, or opens a new one. */
  async start(sessionId: string): Promise<void> {
    if (sessionId === NEW_SESSION) return this.open();
    try {
      const [session, messages] = await minding(
        Promise.all([api.getSession(sessionId), api.listMessages(sessionId)]),
      );
      this.put({ loading: false, session, recap: session.recap, entries: messages.data.flatMap(toEntry) });
      this.pickUp(session.id, messages.data.at(-1));
    } catch (thrown) {
      this.put({
        loading: false,
        problem: { error: toApiError(thrown), again: () => this.restart(sessionId) },
      });
    }
  }

  /** Sends the visitor's message and shows the reply as it comes. */
  send(text: string): Promise<void> {
    const session = this.view.get().session;
    if (!session || this.view.get().busy) return Promise.resolve();
    const pending = note(turnPlace(session.id), { text });
    this.put({ entries: [...this.view.get().entries, entry("user", text, "complete")] });
    return this.ask(session.id, pending);
  }

  /** Concludes: the recap comes in place of a further message. */
  async end(): Promise<void> {
    const session = this.view.get().session;
    if (!session || this.view.get().busy) return;
    const idempotencyKey = newKey();
    const flow = new Flow((recap) => this.put({ recap }));
    await this.run("recap", flow, {
      send: (turn) => api.endSession(session.id, { ...turn, idempotencyKey }),
      done: (reply) => this.put({ recap: reply.session.recap ?? reply.reply, session: reply.session }),
      failed: () => this.put({ recap: null }),
      again: () => this.end(),
    });
  }

  async rate(liked: boolean): Promise<void> {
    const session = this.view.get().session;
    if (!session) return;
    this.put({ session: { ...session, liked } });
    try {
      this.put({ session: await minding(api.rateSession(session.id, liked)) });
    } catch (thrown) {
      this.put({ session, problem: { error: toApiError(thrown), again: () => this.rate(liked) } });
    }
  }

  /** Stops what is being written; what has come stays, marked. */
  stop() {
    this.turn?.abort();
  }

  /** The page is left: nothing is drawn any more. What is on its way comes to its end, and is there on return. */
  leave() {
    this.left = true;
    if (key.get() === null) this.stop();
  }

  private put(change: Partial<View>) {
    if (!this.left) this.view.set({ ...this.view.get(), ...change });
  }

  private restart(sessionId: string) {
    this.view.set(EMPTY);
    void this.start(sessionId);
  }

  private async open(): Promise<void> {
    const pending = pendingAt(openingPlace(this.code));
    if (!pending) return;
    this.put({ loading: false, entries: [], problem: null });
    const flow = new Flow((text) => this.writing(text));
    await this.run("opening", flow, {
      send: (turn) => this.openWith(pending.model, { ...turn, idempotencyKey: pending.idempotencyKey }),
      done: (reply) => {
        remember(openingPlace(this.code), null);
        this.settle(reply);
        if (!this.left) this.onOpened(reply.session);
      },
      failed: () => this.put({ entries: [] }),
      again: () => this.open(),
    });
  }

  /** A turn that a reload cut off: still running (wait for it), or over (offer it again). */
  private pickUp(sessionId: string, last: Message | undefined) {
    const pending = pendingAt(turnPlace(sessionId));
    if (!pending) return;
    if (last?.state === "pending") void this.ask(sessionId, pending);
    else if (last?.state === "interrupted") this.offerAgain(sessionId, pending);
    else remember(turnPlace(sessionId), null);
  }

  private offerAgain(sessionId: string, pending: Pending) {
    const error = new ApiError("interrupted", "");
    this.put({ problem: { error, again: () => this.ask(sessionId, pending) } });
  }

  private async ask(sessionId: string, pending: Pending): Promise<void> {
    this.dropUnfinished();
    const flow = new Flow((text) => this.writing(text));
    await this.run("reply", flow, {
      send: (turn) =>
        api.respond(sessionId, pending.text ?? "", { ...turn, idempotencyKey: pending.idempotencyKey }),
      done: (reply) => {
        remember(turnPlace(sessionId), null);
        this.settle(reply);
      },
      failed: () => this.interrupt(),
      again: () => this.ask(sessionId, pending),
    });
  }

  private async run(
    busy: NonNullable<View["busy"]>,
    flow: Flow,
    work: {
      send: (turn: Omit<api.Turn, "idempotencyKey">) => Promise<Reply>;
      done: (reply: Reply) => void;
      failed: () => void;
      again: () => void;
    },
  ): Promise<void> {
    const turn = new AbortController();
    this.turn = turn;
    this.put({ busy, problem: null, reconnecting: false });
    const onDelta = (text: string) => {
      if (this.view.get().reconnecting) this.put({ reconnecting: false });
      if (!turn.signal.aborted) flow.push(text);
    };
    const send = () => {
      flow.reset();
      return work.send({ signal: turn.signal, onDelta });
    };
    try {
      const reply = await minding(persist(send, turn.signal, () => this.put({ reconnecting: true })));
      await flow.finish(reply.reply);
      work.done(reply);
      this.put({ busy: null, reconnecting: false });
    } catch (thrown) {
      flow.flush();
      work.failed();
      this.put({
        busy: null,
        reconnecting: false,
        problem: { error: toApiError(thrown), again: work.again },
      });
    }
  }

  private writing(text: string) {
    if (text === "") return;
    const entries = this.view.get().entries;
    const last = entries.at(-1);
    this.put({
      entries:
        last?.state === "streaming"
          ? [...entries.slice(0, -1), { ...last, content: text }]
          : [...entries, entry("assistant", text, "streaming")],
    });
  }

  private settle(reply: Reply) {
    const entries = this.view.get().entries;
    const { model, usage } = reply;
    const last = entries.at(-1);
    const written = last?.state === "streaming" ? last : entry("assistant", "", "streaming");
    const kept = last?.state === "streaming" ? entries.slice(0, -1) : entries;
    this.put({
      session: reply.session,
      entries: [
        ...kept,
        {
          ...written,
          content: reply.reply,
          state: reply.leak_blocked ? "blocked" : "complete",
          model,
          usage,
        },
      ],
    });
  }

  private interrupt() {
    const entries = this.view.get().entries;
    this.put({ entries: entries.map((e) => (e.state === "streaming" ? { ...e, state: "interrupted" } : e)) });
  }

  private dropUnfinished() {
    const entries = this.view.get().entries;
    const last = entries.at(-1);
    if (last?.role === "assistant" && last.state === "interrupted")
      this.put({ entries: entries.slice(0, -1) });
  }
}
