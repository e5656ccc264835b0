import { minding } from "../client/account";
import * as api from "../client/api";
import { ApiError, toApiError } from "../client/errors";
import { key, recall, remember } from "../client/key";
import type { Message, Reply, Session } from "../client/shapes";
import { createStore } from "../create-store";
import { NEW_SESSION } from "../router";
import { ask, begin, type Entry, interrupt, settle, toEntries } from "./entries";
import { Flow } from "./flow";
import {
  fateOf,
  note,
  openingPlace,
  type PendingOpening,
  type PendingTurn,
  pendingAt,
  recapPlace,
  turnPlace,
} from "./pending";
import { EMPTY, type View } from "./view";
import { run, type Work } from "./work";

const LOOK_AGAIN_MS = 2000;
const modelPlace = (session: string) => `gptlab.model.${session}`;

/** One conversation as the page sees it: what is shown, and what the visitor can do to it. */
export class Conversation {
  readonly view = createStore<View>(EMPTY);
  /** The reply or recap that is being written, as far as it is shown. */
  readonly writing = createStore("");
  private turn: AbortController | null = null;
  private left = false;
  private looking = 0;

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
      const [session, messages] = await this.read(sessionId);
      this.put({ loading: false, model: recall(modelPlace(session.id)) });
      this.show(session, messages);
      this.pickUp(session, messages);
    } catch (thrown) {
      const again = () => {
        this.put(EMPTY);
        void this.start(sessionId);
      };
      this.put({ loading: false, problem: { error: toApiError(thrown), again } });
    }
  }

  /** Sends the visitor's message and shows the reply as it comes. */
  send(text: string): Promise<void> {
    return this.say({ message: text });
  }

  /** Says something else in place of an earlier message; what followed it goes with it. */
  edit(stored: string, text: string): Promise<void> {
    return this.say({ message: text, replaces: stored });
  }

  /** Asks for another reply to the same words. */
  again(stored: string): Promise<void> {
    return this.say({ replaces: stored });
  }

  /** The model that answers from the next message on. */
  pickModel(model: string) {
    const session = this.view.get().session;
    if (!session) return;
    const picked = model === session.model ? null : model;
    remember(modelPlace(session.id), picked);
    this.put({ model: picked });
  }

  /** Concludes: the recap comes in place of a further message. */
  async end(): Promise<void> {
    const { session, busy } = this.view.get();
    if (!session || busy) return;
    const place = recapPlace(session.id);
    const { idempotencyKey } = pendingAt(place) ?? note(place, {});
    this.writing.set("");
    await this.run("recap", new Flow((text) => this.writing.set(text)), {
      idempotencyKey,
      send: (turn) => api.endSession(session.id, turn),
      done: (reply) => {
        remember(place, null);
        this.put({ recap: reply.session.recap ?? reply.reply, session: reply.session });
      },
      failed: ({ code }) => code === "stopped" && remember(place, null),
      again: () => this.end(),
    });
  }

  /** Back to the opening: the assistant forgets, the messages stay to be read. */
  async clear(): Promise<void> {
    if (await this.change((id) => api.clearSession(id))) await this.refresh(true);
  }

  /** Ends without a recap; true where that worked. */
  leaveForGood(): Promise<boolean> {
    return this.change(async (id) => (await api.leaveSession(id)).session);
  }

  async rate(liked: boolean): Promise<void> {
    const session = this.view.get().session;
    if (!session) return;
    this.put({ session: { ...session, liked } });
    if (!(await this.change((id) => api.rateSession(id, liked)))) this.put({ session });
  }

  /** Does something with the session; true where it worked, else the page says why and offers it again. */
  async attempt(work: (session: string) => Promise<void>): Promise<boolean> {
    const session = this.view.get().session;
    if (!session) return false;
    try {
      await minding(work(session.id));
      this.put({ problem: null });
      return true;
    } catch (thrown) {
      this.put({ problem: { error: toApiError(thrown), again: () => this.attempt(work) } });
      return false;
    }
  }

  /** Takes up what another tab has done meanwhile; `surely` reads the messages even where nothing seems new. */
  async refresh(surely = false): Promise<void> {
    const { session: shown, busy, elsewhere } = this.view.get();
    if (!shown || busy || this.left) return;
    try {
      const session = await minding(api.getSession(shown.id));
      if (!surely && !elsewhere && session.updated_at === shown.updated_at) return;
      const { data } = await minding(api.listMessages(shown.id));
      if (!this.view.get().busy) this.takeUp(session, data);
    } catch {
      // What is shown stays true as far as it goes; the next look may work.
    }
  }

  /** Stops what is being written; what has come stays, marked. */
  stop() {
    this.turn?.abort();
  }

  /** The page is left: nothing is drawn any more. What is on its way comes to its end, and is there on return. */
  leave() {
    this.left = true;
    clearTimeout(this.looking);
    if (key.get() === null) this.stop();
  }

  private put(change: Partial<View>) {
    if (!this.left) this.view.set({ ...this.view.get(), ...change });
  }

  private async read(sessionId: string): Promise<[Session, Message[]]> {
    const [session, { data }] = await minding(
      Promise.all([api.getSession(sessionId), api.listMessages(sessionId)]),
    );
    return [session, data];
  }

  /** What another tab has done, beside what this one still has on its way. */
  private takeUp(session: Session, messages: Message[]) {
    this.show(session, messages);
    const place = turnPlace(session.id);
    const pending = pendingAt<PendingTurn>(place);
    if (!pending) return;
    const fate = fateOf(pending, messages);
    if (fate === "unsent" && !pending.said.replaces) {
      this.put({ entries: ask(this.view.get().entries, pending.said) });
    }
    if (fate !== "answered") return;
    remember(place, null);
    this.put({ problem: null });
  }

  private show(session: Session, messages: Message[]) {
    const entries = toEntries(messages, this.view.get().entries);
    const elsewhere = messages.at(-1)?.state === "pending";
    this.put({ session, recap: session.recap, entries, elsewhere });
    clearTimeout(this.looking);
    if (elsewhere) this.looking = window.setTimeout(() => void this.refresh(), LOOK_AGAIN_MS);
  }

  private change(call: (session: string) => Promise<Session>): Promise<boolean> {
    return this.attempt(async (id) => this.put({ session: await call(id) }));
  }

  private async open(): Promise<void> {
    const place = openingPlace(this.code);
    const pending = pendingAt<PendingOpening>(place);
    if (!pending) return;
    this.put({ loading: false, entries: [], problem: null });
    await this.run("opening", this.flow(), {
      idempotencyKey: pending.idempotencyKey,
      send: (turn) => this.openWith(pending.model, turn),
      done: (reply) => {
        remember(place, null);
        this.settle(reply);
        if (!this.left) this.onOpened(reply.session);
      },
      failed: () => this.put({ entries: [] }),
      again: () => this.open(),
    });
  }

  /** What a reload cut off: still running (wait for it), broken or never sent (offer it again). */
  private pickUp(session: Session, messages: Message[]) {
    if (session.status !== "completed" && recall(recapPlace(session.id))) void this.end();
    const pending = pendingAt<PendingTurn>(turnPlace(session.id));
    if (!pending) return;
    const fate = fateOf(pending, messages);
    const { entries } = this.view.get();
    const words = entries.findLastIndex(({ role }) => role === "user");
    // A try that failed may stand behind the words it repeated: those stay.
    const folded = fate === "broken" && entries[words]?.state !== "interrupted";
    const before = fate === "unsent" || folded ? entries : entries.slice(0, words);
    if (fate === "answered") remember(turnPlace(session.id), null);
    else if (fate === "running") void this.reply(session.id, pending, before);
    else this.offerAgain(session.id, pending, before, fate === "unsent" ? "unsent" : "interrupted");
  }

  private offerAgain(sessionId: string, pending: PendingTurn, before: Entry[], code: string) {
    const again = () => this.reply(sessionId, pending, before);
    if (code === "unsent") this.put({ entries: ask(before, pending.said) });
    this.put({ problem: { error: new ApiError(code, ""), again } });
  }

  private say(what: api.Said): Promise<void> {
    const { session, busy, model, entries } = this.view.get();
    if (!session || busy) return Promise.resolve();
    const after = entries.at(-1)?.stored;
    const pending = note(turnPlace(session.id), {
      said: { ...what, ...(model ? { model } : {}) },
      ...(after ? { after } : {}),
    });
    return this.reply(session.id, pending, entries);
  }

  private async reply(sessionId: string, pending: PendingTurn, before: Entry[]): Promise<void> {
    const { said, idempotencyKey } = pending;
    this.put({ entries: ask(before, said), elsewhere: false });
    const flow = this.flow();
    await this.run("reply", flow, {
      idempotencyKey,
      send: (turn) => api.respond(sessionId, said, turn),
      done: (reply) => {
        remember(turnPlace(sessionId), null);
        remember(modelPlace(sessionId), null);
        this.put({ model: null });
        this.settle(reply);
      },
      failed: (error) => {
        // What was to be replaced is still there, for the server too.
        if (said.replaces) return this.put({ entries: before });
        this.put({ entries: interrupt(this.view.get().entries, flow.all) });
        // The server has answered: it knows these words, and under which id they can be edited.
        if (error.details.status) queueMicrotask(() => void this.refresh(true));
      },
      again: () => this.reply(sessionId, pending, before),
    });
  }

  private flow(): Flow {
    this.writing.set("");
    return new Flow((text) => {
      this.writing.set(text);
      const { entries } = this.view.get();
      if (text !== "" && begin(entries) !== entries) this.put({ entries: begin(entries) });
    });
  }

  private settle(reply: Reply) {
    this.put({ session: reply.session, entries: settle(this.view.get().entries, reply) });
  }

  private run(busy: NonNullable<View["busy"]>, flow: Flow, work: Work): Promise<void> {
    this.turn = new AbortController();
    this.put({ busy, problem: null, reconnecting: false });
    return run(work, flow, this.turn.signal, (change) => this.put(change));
  }
}
