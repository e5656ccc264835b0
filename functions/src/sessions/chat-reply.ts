import type { Choice, ToolCallDelta } from "../openai/stream";
import type { LeakGuard } from "../protection/leak-guard";

/** A piece of a reply as a caller may have it: what the leak guard let out. */
export type Delta = {
  content?: string;
  refusal?: string;
  reasoning_content?: string;
  reasoning?: string;
  tool_calls?: ToolCallDelta[];
};

export type ToolCall = { id: string; type: "function"; function: { name: string; arguments: string } };

/** A reply as far as it has come. */
export type ReplyMessage = {
  content: string | null;
  refusal: string | null;
  reasoning_content?: string;
  reasoning?: string;
  tool_calls?: ToolCall[];
};

const TEXTS = ["content", "refusal", "reasoning_content", "reasoning"] as const;

/** Takes text and gives back what may go out now; `end` gives the rest. */
type Channel = Pick<LeakGuard, "push" | "end">;

const OPEN: Channel = { push: (text) => text, end: () => "" };

const MAX_CALLS = 128;

/** Everything a piece says, in one text: what it costs is estimated from it. */
const wordsOf = ({ delta }: Choice): string =>
  [
    ...TEXTS.map((field) => delta[field]),
    ...callsOf(delta).flatMap((call) => [call.function?.name, call.function?.arguments]),
  ].join("");

const callsOf = ({ tool_calls }: Choice["delta"]): ToolCallDelta[] =>
  (Array.isArray(tool_calls) ? tool_calls : []).filter(({ index }) => index >= 0 && index < MAX_CALLS);

/** The channels of one reply, each begun when it is first used. */
function openChannels(guard: LeakGuard | null) {
  const channels = new Map<string, Channel>();
  return {
    use(name: string): Channel {
      const channel = channels.get(name) ?? guard?.channel() ?? OPEN;
      channels.set(name, channel);
      return channel;
    },
    /** What each channel still held back. */
    end: () => [...channels].map(([name, channel]) => [name, channel.end()] as const),
  };
}

/**
 * Puts a reply together while it streams, each field and each call through the leak guard as a channel of its own.
 * Synchronous throughout: nothing is awaited per piece.
 */
export class ArrivingReply {
  readonly message: ReplyMessage = { content: null, refusal: null };
  /** All that came, let out or not. */
  received = "";
  private readonly channels: ReturnType<typeof openChannels>;

  /**
   * @param guard null for a plain model, whose reply goes out as it comes
   * @param hear receives every piece that may go out, a plain model's as it came too; nothing once it is blocked
   */
  constructor(
    private readonly guard: LeakGuard | null,
    private readonly hear: (delta: Delta, choice?: Choice) => void,
  ) {
    this.channels = openChannels(guard);
  }

  /** Takes the model's next piece. */
  push(choice: Choice): void {
    this.received += wordsOf(choice);
    const delta: Delta = {};
    for (const field of TEXTS) {
      const text = choice.delta[field];
      const sendable = typeof text === "string" && text ? this.channels.use(field).push(text) : "";
      if (sendable) delta[field] = sendable;
    }
    const calls = callsOf(choice.delta).flatMap((call) => this.pushCall(call));
    if (calls.length > 0) delta.tool_calls = calls;
    this.tell(delta, this.guard ? undefined : choice);
  }

  /** The reply is complete: lets out what was held back. */
  end(): void {
    for (const [name, rest] of this.channels.end()) {
      const index = Number(/^call (\d+)$/.exec(name)?.[1] ?? -1);
      if (!rest || name === "names") continue;
      this.tell(index < 0 ? { [name]: rest } : { tool_calls: [{ index, function: { arguments: rest } }] });
    }
  }

  /** Names are short and come first: they are judged together, and go out whole. */
  private pushCall({ index, id, function: called }: ToolCallDelta): ToolCallDelta[] {
    const { name, arguments: written } = called ?? {};
    if (name) this.channels.use("names").push(`${name} `);
    const sendable = written ? this.channels.use(`call ${index}`).push(written) : "";
    if (!id && !name && !sendable) return [];
    const begun = id ? ({ id, type: "function" } as const) : {};
    return [{ index, ...begun, function: { ...(name ? { name } : {}), arguments: sendable } }];
  }

  private tell(delta: Delta, choice?: Choice): void {
    if (this.guard?.blocked || Object.keys(delta).length === 0) return;
    addDelta(this.message, delta);
    this.hear(delta, choice);
  }
}

function addDelta(message: ReplyMessage, delta: Delta): void {
  for (const field of TEXTS) {
    const text = delta[field];
    if (text !== undefined) message[field] = (message[field] ?? "") + text;
  }
  for (const { index, id, function: called } of delta.tool_calls ?? []) {
    message.tool_calls ??= [];
    message.tool_calls[index] ??= { id: "", type: "function", function: { name: "", arguments: "" } };
    const call = message.tool_calls[index];
    if (id) call.id = id;
    call.function.name += called?.name ?? "";
    call.function.arguments += called?.arguments ?? "";
  }
}
