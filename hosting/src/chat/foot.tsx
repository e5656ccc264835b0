import { listModels } from "../client/api";
import { online } from "../client/online";
import { useLoad } from "../client/use-load";
import { Icon } from "../components/icon";
import { ModelPicker } from "../components/model-picker";
import { dollars } from "../format";
import { NEW_SESSION } from "../router";
import { useStore } from "../store";
import { texts } from "../texts";
import { Composer } from "./composer";
import type { Conversation } from "./conversation";
import { type Dear, dearNext } from "./dear";
import type { View } from "./view";

type Props = {
  name: string;
  conversation: Conversation;
  view: View;
  /** The reader has scrolled away from the end. */
  away: boolean;
  onCatchUp: () => void;
  onSend: (text: string) => void;
};

/** The foot of a conversation: where one writes, which model answers, and what is worth knowing before. */
export function ChatFoot({ name, conversation, view, away, onCatchUp, onSend }: Props) {
  const { data: models = [] } = useLoad(listModels, []);
  const offline = !useStore(online);
  const { session } = view;
  const model = view.model ?? session?.model ?? "";
  const dear = view.busy
    ? null
    : dearNext(
        view.entries,
        models.find(({ id }) => id === model),
      );
  return (
    <div class="chat-foot">
      {away && <ToLatest onPress={onCatchUp} />}
      {offline && (
        <p class="line" role="status">
          {texts.chat.offline}
        </p>
      )}
      <Composer
        name={name}
        session={session?.id ?? NEW_SESSION}
        busy={view.busy !== null}
        onStop={() => conversation.stop()}
        onSend={onSend}
      />
      <div class="under">
        {session && (
          <ModelPicker
            models={models}
            value={model}
            place="above-row"
            onPick={(id) => conversation.pickModel(id)}
          />
        )}
        <Under view={view} dear={dear && wordsOf(dear)} />
      </div>
    </div>
  );
}

const wordsOf = ({ tokens, costUsd }: Dear) =>
  texts.chat.dear(Math.round(tokens / 100) * 100, costUsd === null ? null : dollars(costUsd));

/** The one thing worth saying below the composer. */
function Under({ view, dear }: { view: View; dear: string | null }) {
  const { session } = view;
  if (view.model) return <p class="whisper">{texts.model.sticky}</p>;
  if (dear) return <p class="whisper dear">{dear}</p>;
  if (session?.fallback_from && view.entries.length < 2) {
    return <p class="whisper">{texts.model.fallback(session.fallback_from, session.model)}</p>;
  }
  return <p class="whisper composer-keys">{texts.chat.keys}</p>;
}

function ToLatest({ onPress }: { onPress: () => void }) {
  return (
    <button type="button" class="to-latest" aria-label={texts.chat.latest} onClick={onPress}>
      <Icon name="down" />
    </button>
  );
}
