import { useEffect, useRef, useState } from "preact/hooks";
import { Conversation } from "../chat/conversation";
import { isOpeningPlanned, planOpening } from "../chat/pending";
import { tryOut } from "../client/api";
import { recall, remember } from "../client/key";
import { NEW_SESSION } from "../router";
import { labTexts } from "../texts/lab";
import type { BotInput } from "./shapes";

/** A test chat as this tab remembers it: its session once there is one, and what it was opened with. */
type Kept = {
  session: string | null;
  config: BotInput;
  /** What its author said in the conversation before this one, to be said again. */
  before: string[];
};

export type Trial = {
  running: { conversation: Conversation; config: BotInput; before: string[] } | null;
  start: (config: BotInput) => void;
  forget: () => void;
};

const nameOf = (code: string | null) => `lab.${code ?? "new"}`;
const placeOf = (code: string | null) => `gptlab.${nameOf(code)}.trial`;

/** The test chat beside a draft. It goes on while its author is at another step, and is found again after a reload. */
export function useTrial(code: string | null, wanted: boolean): Trial {
  const [running, setRunning] = useState<Trial["running"]>(null);
  const current = useRef<Conversation | null>(null);
  const begin = (kept: Kept) => {
    const conversation = open(code, kept);
    current.current = conversation;
    setRunning({ conversation, config: kept.config, before: kept.before });
  };
  const leave = () => {
    current.current?.stop();
    current.current?.leave();
    current.current = null;
  };
  useEffect(() => {
    const kept = wanted && !current.current ? recallTrial(code) : null;
    if (kept) begin(kept);
  }, [wanted]);
  useEffect(() => () => current.current?.leave(), []);
  return {
    running,
    start(config) {
      const before = saidIn(running);
      leave();
      planOpening(nameOf(code));
      begin(keepTrial(code, { session: null, config, before }));
    },
    forget() {
      leave();
      forgetTrial(code);
      setRunning(null);
    },
  };
}

/** The author's own words so far; what was said before them, where they have not spoken since. */
function saidIn(running: Trial["running"]): string[] {
  if (!running) return [];
  const { entries } = running.conversation.view.get();
  const said = entries.filter(({ role }) => role === "user").map(({ content }) => content);
  return said.length > 0 ? said : running.before;
}

function open(code: string | null, kept: Kept): Conversation {
  const conversation = new Conversation(
    nameOf(code),
    (session) => keepTrial(code, { ...kept, session: session.id }),
    (_model, turn) => tryOut(asConfig(kept.config), turn),
  );
  void conversation.start(kept.session ?? NEW_SESSION);
  return conversation;
}

/** The card is not needed for a try, and may be half written; nor may a recap prompt be missing. */
function asConfig({ session_type, initial_prompt, summary_prompt, model_config }: BotInput) {
  const recap = summary_prompt.trim() || labTexts.card.summaryDefault;
  return { session_type, initial_prompt, summary_prompt: recap, model_config };
}

function keepTrial(code: string | null, kept: Kept): Kept {
  remember(placeOf(code), JSON.stringify(kept));
  return kept;
}

export const forgetTrial = (code: string | null) => remember(placeOf(code), null);

/** The test chat of this tab, unless its opening was cut off for good. */
function recallTrial(code: string | null): Kept | null {
  const text = recall(placeOf(code));
  const kept = text === null ? null : (JSON.parse(text) as Kept);
  return kept?.session || isOpeningPlanned(nameOf(code)) ? kept : null;
}
