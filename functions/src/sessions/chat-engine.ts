import { Failure, toFailure } from "../errors";
import { findModel, outputLimit, type SamplingConfig, samplingFor } from "../openai/catalogue";
import type { Choice, TokenCounts } from "../openai/stream";
import { estimateMessages, estimateTokens, textsOf } from "../openai/tokens";
import { hmac, idFrom } from "../protection/seal";
import type { Services } from "../services";
import type { User } from "../users/authenticate";
import type { ChatMessageInput } from "./chat-input";
import { ArrivingReply, type Delta, type ReplyMessage } from "./chat-reply";
import { type Target, unknownModel } from "./chat-target";
import { fitHistory } from "./chat-window";
import type { Gate } from "./gate";
import { refuseFlaggedAlone } from "./moderate";
import { leaksInSubstance } from "./second-check";
import { addSpent, spentOn, type TurnSpent } from "./spent";
import { refuseStruck } from "./strikes";

/** One reply to a history that the caller keeps. */
export type ChatCall = {
  services: Services;
  user: User;
  signal: AbortSignal;
  target: Target;
  messages: ChatMessageInput[];
  /** What the caller set; the assistant's own settings stand where nothing was. */
  dials: SamplingConfig;
  /** Other parameters, by the names the provider knows. */
  further: Record<string, unknown>;
  hear: (delta: Delta, choice?: Choice) => void;
};

export type ChatReply = {
  message: ReplyMessage;
  finishReason: string;
  /** The leak guard held the reply back. */
  blocked: boolean;
  spent: TurnSpent;
  fingerprint: string | null;
};

/**
 * Asks the model, puts an assistant's prompt in front and guards what it says. Nothing is stored but the day's usage,
 * which a reply that is cut off or held back adds to as well.
 */
export async function runChat(call: ChatCall): Promise<ChatReply> {
  const { services, user, target } = call;
  const { model } = target;
  if (target.assistant) refuseStruck(user, { bot: target.assistant.bot.id, strikes: 0 }, services.now());
  const request = prepare(call);
  await refuseFlaggedAlone({ ...call, message: lastSaid(call.messages) });
  const deadline = AbortSignal.timeout(services.upstream.deadlines.turnMs);
  const checked = target.assistant?.version.modelConfig.second_check ? target.assistant : null;
  const held: Piece[] = [];
  const say = checked ? (piece: Piece) => held.push(piece) : tell(call);
  const stopped = new AbortController();
  const gate = openGate(call, say, () => stopped.abort());
  const hear = gate ? (delta: Delta, choice?: Choice) => gate.pass({ delta, choice }) : call.hear;
  const reply = new ArrivingReply(gate?.guard ?? null, hear);
  const onChoice = (choice: Choice) => {
    reply.push(choice);
    if (gate?.blocked) stopped.abort();
  };
  const signal = AbortSignal.any([call.signal, stopped.signal]);
  const count = (usage: TokenCounts | null) => spentOn(model, request.messages, reply.received, usage);
  let spent: TurnSpent | null = null;
  try {
    const completion = await services.upstream
      .chat({ apiKey: user.apiKey, model, ...request, signal, onDelta: () => undefined, onChoice })
      .catch(async (error) => {
        await gate?.settled();
        if (!gate?.blocked) throw error;
        return { finishReason: "content_filter", usage: null, fingerprint: undefined };
      });
    reply.end();
    await gate?.settled();
    spent = count(completion.usage);
    let blocked = gate?.blocked ?? false;
    if (checked && !blocked) {
      const check = await checkAgain(call, checked, deadline, reply.received);
      spent = addSpent(spent, check.spent);
      blocked = check.leaks;
    }
    if (blocked) await strike(call);
    else held.forEach(tell(call));
    await recordUsage(services, user, spent);
    return {
      message: reply.message,
      finishReason: completion.finishReason,
      blocked,
      spent,
      fingerprint: completion.fingerprint ?? null,
    };
  } catch (error) {
    spent ??= reply.received ? count(null) : null;
    if (spent) await recordUsage(services, user, spent);
    throw explain(error, target);
  }
}

const tell =
  ({ hear }: ChatCall) =>
  ({ delta, choice }: Piece) =>
    hear(delta, choice);

/** Everything the reply says is judged, calls of tools too. */
function checkAgain(call: ChatCall, { bot, version }: Assistant, deadline: AbortSignal, reply: string) {
  const signal = AbortSignal.any([call.signal, deadline]);
  const card = [bot.name, bot.tag_line, bot.description];
  const { model } = call.target;
  return leaksInSubstance({ ...call, model, signal }, { prompts: version.prompts, card, reply });
}

/** A plain model that the provider does not have is unknown; an assistant's messages are counted otherwise upstream. */
function explain(error: unknown, { assistant }: Target): unknown {
  const failure = toFailure(error);
  if (!assistant) return failure.code === "model_not_available" ? unknownModel() : error;
  if (!failure.param?.startsWith("messages")) return error;
  return new Failure(failure.code, "The provider did not accept the messages.", { param: "messages" });
}

/** What the user said last, be it in several messages; null where nothing was said. */
function lastSaid(messages: readonly ChatMessageInput[]): string | null {
  const last = messages.findLastIndex(({ role }) => role === "user");
  const before = messages.findLastIndex(({ role }, index) => role === "assistant" && index < last);
  const said = messages.slice(before + 1, last + 1).filter(({ role }) => role === "user");
  return said.flatMap(textsOf).join("\n\n") || null;
}

type Request = { messages: ChatMessageInput[]; sampling: Record<string, unknown> };

function prepare({ target, messages, dials, further }: ChatCall): Request {
  const info = findModel(target.model);
  if (!target.assistant) return { messages, sampling: { ...samplingFor(info, dials), ...further } };
  const { prompts, modelConfig } = target.assistant.version;
  const set = given(dials);
  const prompt: ChatMessageInput = { role: "system", content: prompts.initial };
  const limit = set.max_tokens ?? outputLimit(info, modelConfig.max_tokens);
  const room = Math.min(limit, Math.floor(info.contextWindow / 2));
  const tools = further.tools ? estimateTokens(JSON.stringify(further.tools)) : 0;
  const budget = info.contextWindow - room - tools - estimateMessages([prompt]);
  const history = fitHistory(messages, budget);
  if (!history)
    throw new Failure("context_too_long", "This is too long for the model.", { param: "messages" });
  return {
    messages: [prompt, ...history],
    sampling: { ...samplingFor(info, { ...modelConfig, ...set, max_tokens: room }), ...further },
  };
}

const given = (dials: SamplingConfig): SamplingConfig =>
  Object.fromEntries(Object.entries(dials).filter(([, value]) => (value ?? null) !== null));

/** What the caller wrote is no secret to them: messages other than earlier replies, tools and formats. */
function openGate(call: ChatCall, say: (piece: Piece) => void, stop: () => void): Gate<Piece> | null {
  const { services, user, target, messages, further } = call;
  if (!target.assistant) return null;
  const { bot, version } = target.assistant;
  const typed = messages.filter(({ role }) => role !== "assistant").flatMap(textsOf);
  return services.guards.gate<Piece>(
    {
      version: `${bot.id}@${version.number}`,
      prompts: version.prompts,
      publicTexts: [bot.name, bot.tag_line, bot.description],
      userTexts: [...typed, JSON.stringify([further.tools, further.response_format])],
    },
    {
      caller: { uid: user.uid, lookup: user.lookup, listener: listenerOf(call) },
      assistant: { bot: bot.id, version: version.number },
      now: services.now(),
      say,
      stop,
    },
  );
}

type Assistant = NonNullable<Target["assistant"]>;
type Piece = { delta: Delta; choice: Choice | undefined };

/** A server that speaks for many says for whom by OpenAI's own field; else all who share a key add up as one. */
function listenerOf({ user, further }: ChatCall): string {
  const named = further.safety_identifier ?? further.user;
  if (user.appKey?.kind !== "secret" || typeof named !== "string") return "";
  return idFrom(hmac(user.dek, "listener/v1", named));
}

/** A held-back reply counts against the caller; many share an app key, which its creator limits. */
async function strike({ services, user, target }: ChatCall): Promise<void> {
  if (target.assistant && !user.appKey) {
    await services.guards.strike(user, target.assistant.bot.id, services.now());
  }
}

/** Adds to the day's usage; the reply stands even where that fails. */
async function recordUsage({ firestore, users, now, log }: Services, user: User, spent: TurnSpent) {
  const batch = firestore.batch();
  users.touch(batch, user.uid, now());
  users.addUsage(batch, user.uid, [spent], now());
  await batch.commit().catch((error) => log.afterReply("usage", error));
}
