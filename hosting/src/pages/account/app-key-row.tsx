import { useRef, useState } from "preact/hooks";
import { type AppKey, revokeAppKey, rotateAppKey, type ShownAppKey } from "../../client/app-keys";
import { type ApiError, toApiError } from "../../client/errors";
import { Confirm } from "../../components/confirm";
import { Notice } from "../../components/notice";
import { day, dollars } from "../../format";
import { appKeyTexts as words } from "../../texts/app-keys";
import { AppKeyForm } from "./app-key-form";

type Props = {
  appKey: AppKey;
  onShown: (key: ShownAppKey) => void;
  onChanged: (key: AppKey) => void;
  onRevoked: () => void;
};

/** One app key: its bounds, what it has used, other bounds, new characters, its end. */
export function AppKeyRow({ appKey, onShown, onChanged, onRevoked }: Props) {
  const [asking, setAsking] = useState<"rotate" | "revoke" | null>(null);
  const [changing, setChanging] = useState(false);
  const ways = useRef<HTMLDivElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const { name, prefix, last4, status } = appKey;

  const act = async () => {
    setBusy(true);
    setError(null);
    try {
      if (asking === "rotate") onShown(await rotateAppKey(appKey.id));
      else return void (await revokeAppKey(appKey.id).then(onRevoked));
    } catch (thrown) {
      setError(toApiError(thrown));
    }
    setBusy(false);
    setAsking(null);
  };
  const question = asking && questions[asking];
  const close = () => {
    setChanging(false);
    ways.current?.querySelector("button")?.focus();
  };
  return (
    <li class="row app-key" data-testid="app-key-row">
      <p class="row-who">
        <strong>{name}</strong>{" "}
        <code>
          {prefix}…{last4}
        </code>
        <span class="whisper">{factsOf(appKey)}</span>
      </p>
      <div ref={ways} class="row-ways">
        {status === "active" && (
          <>
            <Way act={words.change} name={name} onPress={() => setChanging(true)} />
            <Way act={words.rotate} name={name} onPress={() => setAsking("rotate")} />
          </>
        )}
        <Way act={words.revoke} name={name} onPress={() => setAsking("revoke")} />
      </div>
      {error && <Notice error={error} />}
      {changing && (
        <AppKeyForm
          appKey={appKey}
          onCancel={close}
          onChanged={(changed) => {
            onChanged(changed);
            close();
          }}
        />
      )}
      {question && (
        <Confirm
          title={question.title}
          what={<p>{question.what(name)}</p>}
          act={question.act}
          keep={words.keep_it}
          busy={busy}
          onAct={() => void act()}
          onKeep={() => setAsking(null)}
        />
      )}
    </li>
  );
}

const questions = {
  rotate: { title: words.rotateTitle, what: words.rotateWhat, act: words.rotateAct },
  revoke: { title: words.revokeTitle, what: words.revokeWhat, act: words.revoke },
};

function Way({ act, name, onPress }: { act: string; name: string; onPress: () => void }) {
  return (
    <button type="button" class="link" aria-label={words.labelled(act, name)} onClick={onPress}>
      {act}
    </button>
  );
}

function factsOf({
  kind,
  bots,
  usage,
  budget_usd,
  requests_per_day,
  expires_at,
  status,
  last_used_at,
}: AppKey) {
  const end = expires_at === null ? [] : [status === "expired" ? words.expired : words.until];
  return [
    words.kinds[kind].label,
    bots.length === 0 ? words.all : words.some(bots.length),
    words.used(dollars(usage.cost_usd), budget_usd === null ? null : dollars(budget_usd)),
    words.requests(usage.requests_today, requests_per_day),
    last_used_at === null ? words.never : words.lastUsed(day(last_used_at)),
    ...end.map((say) => say(day(expires_at ?? ""))),
  ].join(" · ");
}
