import { Flow } from "../chat/flow";
import { persist } from "../chat/persist";
import { type ApiError, toApiError } from "../client/errors";
import type { Message, Reply } from "../client/shapes";
import type { Api, Turn } from "./api";
import { LINE_LOST, type Problem, problemOf, WAITING } from "./texts";
import { newSecret, type OpenVisit } from "./visit";

/** One message as it is shown; a changed line is a new object. */
export type Line = { role: "user" | "assistant"; text: string; state: "whole" | "growing" | "broken" };

export type State = {
  name: string;
  tagLine: string;
  lines: readonly Line[];
  busy: boolean;
  problem: Problem | null;
};

type Attempt = () => Promise<void>;

/** One visitor's conversation with the page's assistant: what is said, what is on its way, what went wrong. */
export class Conversation {
  private state: State = { name: "", tagLine: "", lines: [], busy: false, problem: null };
  private begun = false;
  private again: Attempt = async () => {};
  private stopper = new AbortController();
  /** Counts conversations: what belongs to an earlier one is not shown any more. */
  private epoch = 0;

  constructor(
    private readonly api: Api,
    private readonly assistant: string,
    private readonly visit: OpenVisit,
    private readonly onChange: (state: State) => void,
  ) {}

  /** Goes on where the visitor left off, or lets the assistant speak first. Once; later calls do nothing. */
  async begin(): Promise<void> {
    if (this.begun) return;
    this.begun = true;
    await this.attempt(() => this.enter());
  }

  /** Sends what the visitor wrote. */
  async send(text: string): Promise<void> {
    const { session } = this.visit.get();
    if (this.state.busy || session === null) return;
    this.put({ lines: [...this.state.lines, { role: "user", text, state: "whole" }] });
    await this.ask((turn) => this.api.respond(session, text, turn));
  }

  stop(): void {
    this.stopper.abort();
  }

  retry(): Promise<void> {
    return this.again();
  }

  /** Leaves this conversation for a new one. */
  async restart(): Promise<void> {
    this.epoch++;
    this.stop();
    this.visit.keep(null);
    this.put({ lines: [], problem: null, busy: false });
    await this.attempt(() => this.enter());
  }

  private async enter(): Promise<void> {
    this.put({ busy: true });
    if (this.state.name === "") {
      const { name, tag_line } = await this.api.card(this.assistant);
      this.put({ name, tagLine: tag_line });
    }
    const { session } = this.visit.get();
    const earlier = session === null ? null : await this.recall(session);
    if (earlier) this.put({ lines: earlier, busy: false });
    else await this.ask((turn) => this.api.start(this.assistant, turn));
  }

  /** What was said before; null where the conversation is gone. */
  private async recall(session: string): Promise<Line[] | null> {
    try {
      const { data } = await this.api.messages(session);
      return data.filter(({ state }) => state !== "superseded").map(lineOf);
    } catch (thrown) {
      if (toApiError(thrown).code !== "session_not_found") throw thrown;
      this.visit.keep(null);
      return null;
    }
  }

  /** One reply. Sent again, it carries the same key: the model is asked, and paid, once. */
  private ask(send: (turn: Turn) => Promise<Reply>): Promise<void> {
    const idempotencyKey = newSecret();
    return this.attempt(async () => {
      const stopper = new AbortController();
      this.stopper = stopper;
      const before = this.answered();
      const { epoch } = this;
      const show = (text: string, state: Line["state"], busy: boolean) => {
        if (epoch === this.epoch) this.put({ lines: [...before, { role: "assistant", text, state }], busy });
      };
      show("", "growing", true);
      const flow = new Flow((text) => show(text, "growing", true));
      const once = () => {
        if (this.state.problem === WAITING) this.put({ problem: null });
        flow.reset();
        return send({ idempotencyKey, signal: stopper.signal, onDelta: (text) => flow.push(text) });
      };
      const onPause = ({ code }: ApiError) => {
        if (epoch === this.epoch && LINE_LOST.has(code)) this.put({ problem: WAITING });
      };
      const reply = await persist(once, stopper.signal, onPause).catch((error) => {
        flow.flush();
        throw error;
      });
      if (epoch === this.epoch) this.visit.keep(reply.session.id);
      await flow.finish(reply.reply);
      show(reply.reply, "whole", false);
    });
  }

  /** Runs something that can be tried again; what went wrong is shown with the way on. */
  private async attempt(run: Attempt): Promise<void> {
    const { epoch } = this;
    this.again = () => this.attempt(run);
    this.put({ problem: null });
    try {
      await run();
    } catch (thrown) {
      if (epoch !== this.epoch) return;
      const lines = this.state.lines
        .filter(({ text, state }) => text !== "" || state !== "growing")
        .map((line): Line => (line.state === "growing" ? { ...line, state: "broken" } : line));
      const problem = problemOf(toApiError(thrown), this.visit.get().session === null);
      this.put({ lines, busy: false, problem });
    }
  }

  /** The lines without a last reply that broke off: a new try takes its place. */
  private answered(): readonly Line[] {
    const { lines } = this.state;
    return lines.at(-1)?.state === "whole" ? lines : lines.slice(0, -1);
  }

  private put(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.onChange(this.state);
  }
}

const lineOf = ({ role, content, state }: Message): Line => ({
  role,
  text: content,
  state: state === "interrupted" && role === "assistant" ? "broken" : "whole",
});
