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

/**
 * A channel for the arguments of a call, which are JSON. Line ends and quotes stand escaped in it, and a prompt written
 * so must not pass for another text: a second look at the unescaped words can block as well.
 */
function argumentsChannel(guard: LeakGuard): Channel {
  const [written, read] = [guard.channel(), guard.channel()];
  let open = "";
  const plain = (chunk: string) => {
    const text = open + chunk;
    open = /(?:^|[^\\])(?:\\\\)*(\\)$/.test(text) ? "\\" : "";
    return text
      .slice(0, text.length - open.length)
      .replace(/\\(.)/gs, (pair, escaped) => ("nrtbf".includes(escaped) ? " " : pair));
  };
  return {
    push: (chunk) => {
      read.push(plain(chunk));
      return written.push(chunk);
    },
    end: () => {
      read.end();
      return written.end();
    },
  };
}

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
  const use = (name: string, open: (guard: LeakGuard) => Channel): Channel => {
    const channel = channels.get(name) ?? (guard ? open(guard) : OPEN);
    channels.set(name, channel);
    return channel;
  };
  return {
    text: (name: string) => use(name, (opened) => opened.channel()),
    call: (index: number) => use(`call ${index}`, argumentsChannel),
    /** What each channel still held back. */
    end: () => [...channels].map(([name, channel]) => [name, channel.end()] as const),
  };
}

/**
 * Puts a reply together while it streams, each field and each call through the leak guard as a channel of its own.
 * Synchronous throughout: nothing is awaited per piece.
 * @param guard null for a plain model, whose reply goes out as it comes
 * @param hear receives every piece that may go out, a plain model's as it came too; nothing once the guard has blocked
 */
export function collectReply(guard: LeakGuard | null, hear: (delta: Delta, choice?: Choice) => void) {
  const message: ReplyMessage = { content: null, refusal: null };
  const channels = openChannels(guard);
  let received = "";
  const tell = (delta: Delta, choice?: Choice) => {
    if (guard?.blocked || Object.keys(delta).length === 0) return;
    addDelta(message, delta);
    hear(delta, choice);
  };
  /** Names are short and come first: they are judged together, and go out whole. */
  const pushCall = ({ index, id, function: called }: ToolCallDelta): ToolCallDelta[] => {
    const { name, arguments: written } = called ?? {};
    if (name) channels.text("names").push(`${name} `);
    const sendable = written ? channels.call(index).push(written) : "";
    if (!id && !name && !sendable) return [];
    const begun = id ? ({ id, type: "function" } as const) : {};
    return [{ index, ...begun, function: { ...(name ? { name } : {}), arguments: sendable } }];
  };
  return {
    message,
    /** All that came, let out or not. */
    received: () => received,
    push(choice: Choice): void {
      received += wordsOf(choice);
      const delta: Delta = {};
      for (const field of TEXTS) {
        const text = choice.delta[field];
        const sendable = typeof text === "string" && text ? channels.text(field).push(text) : "";
        if (sendable) delta[field] = sendable;
      }
      const calls = callsOf(choice.delta).flatMap(pushCall);
      if (calls.length > 0) delta.tool_calls = calls;
      tell(delta, guard ? undefined : choice);
    },
    /** The reply is complete: lets out what was held back. */
    end(): void {
      for (const [name, rest] of channels.end()) {
        const index = Number(/^call (\d+)$/.exec(name)?.[1] ?? -1);
        if (!rest || name === "names") continue;
        tell(index < 0 ? { [name]: rest } : { tool_calls: [{ index, function: { arguments: rest } }] });
      }
    },
  };
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
