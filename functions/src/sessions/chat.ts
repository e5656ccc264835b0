import type { Choice } from "../openai/stream";
import { operation } from "../operation";
import { runChat } from "./chat-engine";
import { chatInput, passedOn, refusePlainOnly } from "./chat-input";
import { ChatCompletionObject, showCompletion } from "./chat-shapes";
import { findTarget, isAssistant } from "./chat-target";

/** The id of the completion that a request gets, the same in each of its chunks. */
export const completionId = (requestId: string) => `chatcmpl-${requestId.replace(/^req_/, "")}`;

export const chatCompletions = operation({
  name: "chat.completions",
  route: "POST /chat/completions",
  summary: "OpenAI's chat completions with an assistant or a plain model; the caller keeps the history.",
  caller: "user",
  appKeys: "all",
  input: chatInput,
  output: ChatCompletionObject,
  errors: [
    "model_not_found",
    "model_not_available",
    "bot_incomplete",
    "assistant_paused",
    "message_flagged",
    "context_too_long",
    "upstream_rejected",
    "quota_exhausted",
    "upstream_failed",
  ],
  run: async ({ services, user, requestId, signal, onPart }, input) => {
    if (isAssistant(input.model)) refusePlainOnly(input);
    const { model, messages } = input;
    const target = await findTarget(services, user, model, signal);
    const logprobs = collectLogprobs();
    const reply = await runChat({
      services,
      user,
      signal,
      target,
      messages,
      dials: { ...input, max_tokens: input.max_completion_tokens ?? input.max_tokens },
      further: passedOn(input),
      hear: (delta, choice) => onPart?.({ delta, logprobs: logprobs.add(choice) }),
    });
    const created = Math.floor(services.now().getTime() / 1000);
    return showCompletion({ id: completionId(requestId), created, model }, reply, logprobs.all());
  },
});

/** What a plain model weighed, of all pieces together: lists of tokens for the content and for a refusal. */
function collectLogprobs() {
  let all: Record<string, unknown[]> | null = null;
  return {
    all: () => all,
    add(choice: Choice | undefined): object | null {
      const piece = choice?.logprobs ?? null;
      for (const [name, tokens] of Object.entries(piece ?? {})) {
        all ??= {};
        all[name] ??= [];
        if (Array.isArray(tokens)) all[name].push(...tokens);
      }
      return piece;
    },
  };
}
