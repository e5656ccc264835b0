import { Failure, toFailure } from "../errors";
import { findModel, outputLimit, type SamplingConfig, samplingFor } from "../openai/catalogue";
import type { Choice, TokenCounts } from "../openai/stream";
import { estimateMessages, estimateTokens, textsOf } from "../openai/tokens";
import type { LeakGuard } from "../protection/leak-guard";
import type { Services } from "../services";
import type { User } from "../users/authenticate";
import type { ChatMessageInput } from "./chat-input";
import { ArrivingReply, type Delta, type ReplyMessage } from "./chat-reply";
import { type Target, unknownModel } from "./chat-target";
import { fitHistory } from "./chat-window";
import { spentOn, type TurnSpent } from "./spent";

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
  const request = prepare(call);
  const guard = openGuard(call);
  const blocked = new AbortController();
  const reply = new ArrivingReply(guard, call.hear);
  const onChoice = (choice: Choice) => {
    reply.push(choice);
    if (guard?.blocked) blocked.abort();
  };
  const signal = AbortSignal.any([call.signal, blocked.signal]);
  const count = (usage: TokenCounts | null) => spentOn(model, request.messages, reply.received, usage);
  try {
    const completion = await services.upstream
      .chat({ apiKey: user.apiKey, model, ...request, signal, onDelta: () => undefined, onChoice })
      .catch((error) => {
        if (!guard?.blocked) throw error;
        return { finishReason: "content_filter", usage: null, fingerprint: undefined };
      });
    reply.end();
    const spent = count(completion.usage);
    await recordUsage(services, user, spent);
    return {
      message: reply.message,
      finishReason: completion.finishReason,
      blocked: guard?.blocked ?? false,
      spent,
      fingerprint: completion.fingerprint ?? null,
    };
  } catch (error) {
    if (reply.received) await recordUsage(services, user, count(null));
    throw explain(error, target);
  }
}

/** A plain model that the provider does not have is unknown; an assistant's messages are counted otherwise upstream. */
function explain(error: unknown, { assistant }: Target): unknown {
  const failure = toFailure(error);
  if (!assistant) return failure.code === "model_not_available" ? unknownModel() : error;
  if (!failure.param?.startsWith("messages")) return error;
  return new Failure(failure.code, "The provider did not accept the messages.", { param: "messages" });
}

type Request = { messages: ChatMessageInput[]; sampling: Record<string, unknown> };

function prepare({ target, messages, dials, further }: ChatCall): Request {
  const info = findModel(target.model);
  if (!target.assistant) return { messages, sampling: { ...samplingFor(info, dials), ...further } };
  const { prompts, modelConfig } = target.assistant.version;
  const set = given(dials);
  const prompt: ChatMessageInput = { role: "system", content: prompts.initial };
  const limit = set.max_tokens ?? outputLimit(info, modelConfig.max_tokens);
  const room = Math.min(limit, info.contextWindow / 2);
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
function openGuard({ services, target, messages, further }: ChatCall): LeakGuard | null {
  if (!target.assistant) return null;
  const { bot, version } = target.assistant;
  const typed = messages.filter(({ role }) => role !== "assistant").flatMap(textsOf);
  return services.guards.open({
    version: `${bot.id}@${version.number}`,
    prompts: version.prompts,
    publicTexts: [bot.name, bot.tag_line, bot.description],
    userTexts: [...typed, JSON.stringify([further.tools, further.response_format])],
  });
}

/** Adds to the day's usage; the reply stands even where that fails. */
async function recordUsage({ firestore, users, now, log }: Services, user: User, spent: TurnSpent) {
  const batch = firestore.batch();
  users.touch(batch, user.uid, now());
  users.addUsage(batch, user.uid, [spent], now());
  await batch.commit().catch((error) => log.afterReply("usage", error));
}
