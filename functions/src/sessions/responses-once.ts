import type { Context } from "../operation";
import { idFrom } from "../protection/seal";
import { runChat } from "./chat-engine";
import { findTarget } from "./chat-target";
import { APOLOGY } from "./guard";
import { chatParameters, type ResponseInput, readMessages } from "./responses-input";
import { echoOf, outputOf, type ResponseBody, showBegun, showEnded } from "./responses-shapes";

/** One answer that nobody keeps, of an assistant or a plain model; tools and pictures are welcome. */
export async function answerOnce(context: Context<"user">, input: ResponseInput): Promise<ResponseBody> {
  const { services, user, signal, onPart } = context;
  const model = input.model ?? "";
  const target = await findTarget(services, user, model, signal);
  const id = `resp_${idFrom()}${idFrom()}${idFrom()}`;
  const begun = { id, createdAt: services.now(), session: null, echo: echoOf(input, model) };
  onPart?.({ response: showBegun(begun) });
  const { message, blocked, finishReason, spent } = await runChat({
    services,
    user,
    signal,
    target,
    messages: readMessages(input),
    dials: { ...input, max_tokens: input.max_output_tokens },
    further: chatParameters(input),
    hear: (delta) => onPart?.({ delta }),
  });
  return showEnded(begun, {
    at: services.now(),
    finishReason: blocked ? "content_filter" : finishReason,
    output: outputOf(id, blocked ? { content: APOLOGY } : message),
    usage: {
      input_tokens: spent.inputTokens,
      cached_tokens: spent.cachedTokens,
      output_tokens: spent.outputTokens,
      reasoning_tokens: spent.reasoningTokens,
      cost_nano: spent.costNano,
      estimated: spent.estimated,
    },
  });
}
