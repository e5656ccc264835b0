import "../../styles/own.css";
import "../../styles/account.css";
import { useState } from "preact/hooks";
import { account, keyRefused } from "../../client/account";
import { me } from "../../client/api";
import { key } from "../../client/key";
import { useLoad } from "../../client/use-load";
import { KeyNeeded } from "../../components/key-needed";
import { Empty, Notice } from "../../components/notice";
import { day } from "../../format";
import { paths } from "../../router";
import { useStore } from "../../store";
import { accountTexts } from "../../texts/account";
import { useTitle } from "../../title";
import { useHash } from "../../use-hash";
import { AppKeys } from "./app-keys";
import { DeleteAccount } from "./delete-account";
import { ExportAccount } from "./export";
import { ImportConversations } from "./import";
import { MakeRecoveryCode } from "./recovery-code";
import { SwapKey } from "./swap-key";
import { OwnTabs } from "./tabs";

/** Everything about an account as a whole: its ways in, its data, its end. */
export function AccountPage() {
  const signedIn = useStore(key) !== null;
  const [gone, setGone] = useState(false);
  useTitle(accountTexts.title);
  if (gone && !signedIn) return <Gone />;
  if (!signedIn) return <KeyNeeded title={accountTexts.keyTitle} what={accountTexts.keyWhat} />;
  return (
    <>
      <header class="page-head">
        <h1 class="display">{accountTexts.title}</h1>
        <Profile />
        <OwnTabs here="account" />
      </header>
      <Refused />
      <Parts onGone={() => setGone(true)} />
    </>
  );
}

function Parts({ onGone }: { onGone: () => void }) {
  useHash();
  return (
    <div class="parts">
      <SwapKey />
      <MakeRecoveryCode />
      <ExportAccount />
      <ImportConversations />
      <AppKeys />
      <DeleteAccount onGone={onGone} />
    </div>
  );
}

function Profile() {
  const { data, error, reload } = useLoad(
    () => me(),
    [useStore(account)?.user.id],
    useStore(account) ?? undefined,
  );
  if (error) return <Notice error={error} again={reload} />;
  if (!data) return <p class="lede skeleton bone-lede" />;
  const { created_at, sessions_started, sessions_ended, bots_created } = data.user;
  return (
    <p class="lede">
      {accountTexts.profile(day(created_at), sessions_started, sessions_ended, bots_created)}
    </p>
  );
}

/** What a key can and cannot do that the provider no longer takes. */
function Refused() {
  if (!useStore(keyRefused)) return null;
  return (
    <div class="notice refused" role="status">
      <p>{accountTexts.refused}</p>
    </div>
  );
}

function Gone() {
  const { doneTitle, doneWhat, home } = accountTexts.remove;
  return (
    <Empty level={1} title={doneTitle} what={doneWhat}>
      <a class="button" href={paths.home}>
        {home}
      </a>
    </Empty>
  );
}
