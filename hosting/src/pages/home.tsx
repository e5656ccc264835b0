import { useEffect } from "preact/hooks";
import { account, loadAccount, minding } from "../client/account";
import { listBots } from "../client/api";
import { key } from "../client/key";
import { useLoad } from "../client/use-load";
import { Avatar } from "../components/avatar";
import { Icon } from "../components/icon";
import { KeyForm } from "../components/key-form";
import { paths } from "../router";
import { useStore } from "../store";
import { texts } from "../texts";
import { useTitle } from "../title";

/** The entrance: what this is, what stays private, the key; once inside, the doors. */
export function HomePage() {
  const signedIn = useStore(key) !== null;
  useTitle(undefined);
  return signedIn ? <Inside /> : <Entrance />;
}

function Entrance() {
  return (
    <div class="entrance">
      <section class="entrance-what">
        <h1 class="display">{texts.home.title}</h1>
        <p class="lede">{texts.home.what}</p>
        <a class="onward" href={paths.lounge}>
          {texts.home.look} <Icon name="right" />
        </a>
      </section>
      <section class="entrance-key sheet" aria-labelledby="come-in">
        <h2 id="come-in">{texts.home.keyTitle}</h2>
        <KeyForm />
      </section>
      <Privacy />
    </div>
  );
}

function Privacy() {
  return (
    <section class="entrance-privacy" aria-labelledby="privacy">
      <h2 id="privacy" class="eyebrow">
        {texts.home.privacyTitle}
      </h2>
      <ul class="promises">
        {texts.home.privacy.map(({ lead, rest }) => (
          <li key={lead}>
            <strong>{lead}</strong> {rest}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Inside() {
  const who = useStore(account);
  useEffect(() => {
    minding(loadAccount()).catch(() => {
      // The line about the visitor is a nicety: the door is there without it.
    });
  }, []);
  const started = who?.user.sessions_started ?? 0;
  const models = who?.models ?? [];
  return (
    <div class="inside">
      <h1 class="display">{texts.home.inTitle}</h1>
      <p class="lede">{texts.home.inWhat}</p>
      <div class="doors">
        <LoungeDoor />
        <LabDoor />
      </div>
      <p class="whisper inside-facts">
        {models.length > 0 && <span>{texts.home.models(models.slice(0, 3), models.length - 3)}</span>}
        {started > 0 && <span>{texts.home.started(started)}</span>}
      </p>
    </div>
  );
}

function LoungeDoor() {
  const { data: bots } = useLoad(() => listBots("showcased"), []);
  return (
    <a class="door" href={paths.lounge}>
      <span class="door-people">
        {(bots ?? []).slice(0, 4).map((bot) => (
          <Avatar key={bot.id} id={bot.id} />
        ))}
      </span>
      <span class="door-title">
        {texts.home.loungeDoor} <Icon name="right" />
      </span>
      <span class="door-what">{texts.home.loungeDoorWhat}</span>
    </a>
  );
}

function LabDoor() {
  return (
    <a class="door" href={paths.lab()}>
      <span class="door-people">
        <Bench />
      </span>
      <span class="door-title">
        {texts.home.labDoor} <Icon name="right" />
      </span>
      <span class="door-what">{texts.home.labDoorWhat}</span>
    </a>
  );
}

/** A sheet with a few written lines, and a pencil: where a prompt is made. */
function Bench() {
  return (
    <svg class="bench" viewBox="0 0 150 88" aria-hidden="true">
      <path class="bench-sheet" d="M22 88V14a6 6 0 0 1 6-6h64l22 22v58Z" />
      <path class="bench-fold" d="M92 8v16a6 6 0 0 0 6 6h16" />
      <path class="bench-line" d="M36 40h52M36 54h64M36 68h38" />
      <path class="bench-pencil" d="M88 82l5-17 34-34 12 12-34 34ZM119 39l12 12" />
    </svg>
  );
}
