import { useMemo } from "preact/hooks";
import type { Conversation } from "./conversation";

/** What the visitor may do to a message; each takes the message's id in the API. */
export type Actions = { edit: (stored: string, text: string) => void; again: (stored: string) => void };

/** The actions of a conversation, the same ones each time, so that no message is drawn again for them. */
export function useActions(conversation: Conversation, before: () => void = nothing): Actions {
  return useMemo(
    () => ({
      edit(stored, text) {
        before();
        void conversation.edit(stored, text);
      },
      again(stored) {
        before();
        void conversation.again(stored);
      },
    }),
    [conversation],
  );
}

const nothing = () => {};
