import type { ComponentChildren } from "preact";
import { Avatar } from "../components/avatar";
import { CopyButton } from "../components/copy-button";
import { hued } from "../hue";
import { paths } from "../router";
import { texts } from "../texts";
import { labTexts } from "../texts/lab";
import { type Problems, stepOf } from "./problems";
import { PromptCheck } from "./prompt-check";
import type { OwnBot } from "./shapes";

let made: string | null = null;

/** Remembers which assistant this tab has just made, so that its page can say so once. */
export const noteMade = (code: string) => {
  made = code;
};

/** Step four: it is there; here is how others, and programs, come to it. */
export function StepShare({ bot, warnings }: { bot: OwnBot; warnings: Problems }) {
  const { share } = labTexts;
  const link = location.origin + paths.assistant(bot.id);
  return (
    <div class="share hued" style={hued(bot.id)}>
      <header class="step-head share-head">
        <Avatar id={bot.id} size="large" />
        <h1>{made === bot.id ? share.madeTitle(bot.name) : share.title(bot.name)}</h1>
        <p class="lede">{share.what}</p>
      </header>
      {!bot.active && (
        <div class="notice">
          <p>
            <strong>{texts.assistant.down}.</strong> {labTexts.share.down}
          </p>
        </div>
      )}
      <Remarks code={bot.id} warnings={warnings} />
      <dl class="sheet share-ways">
        <Handout label={share.link} text={link} copy={share.copyLink} />
        <Handout label={share.code} text={bot.id} copy={share.copyCode} />
        <Handout label={share.api} text={curl(bot.id)} copy={share.copyApi} hint={share.apiWhat} />
        <Handout label={share.openai} text={openai(bot.id)} copy={share.copyOpenai} hint={share.openaiWhat} />
        <Handout label={share.widget} text={tag(bot.id)} copy={share.copyWidget}>
          {share.widgetWhat} <a href={`${paths.account}#app-keys`}>{share.widgetKey}</a>
        </Handout>
      </dl>
      <footer class="step-foot">
        <a class="button" href={paths.assistant(bot.id)}>
          {share.talk(bot.name)}
        </a>
        <a class="button button-quiet" href={paths.lab()}>
          {share.another}
        </a>
        <a class="onward" href={paths.mine}>
          {share.lounge}
        </a>
      </footer>
      <PromptCheck bot={bot} />
    </div>
  );
}

/** What the server remarked on it while it was saved, with the way to where it can be mended. */
function Remarks({ code, warnings }: { code: string; warnings: Problems }) {
  return Object.entries(warnings).map(([field, message]) => (
    <div key={field} class="notice">
      <p>
        <strong>{labTexts.share.warned}.</strong> {message}
      </p>
      <a class="button button-quiet" href={paths.lab(code, stepOf(field))}>
        {labTexts.share.mend}
      </a>
    </div>
  ));
}

/** The call that opens a conversation from any program; the address is this site's, which rewrites `/v1` to the API. */
const curl = (code: string) => `curl ${location.origin}/v1/sessions \\
  -H "Authorization: Bearer $OPENAI_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"bot": "${code}"}'`;

/** What a program made for OpenAI's API is told: another address, and the code as its model. */
const openai = (code: string) => `base URL  ${location.origin}/v1
model     ${code}`;

/** What puts the assistant into the corner of any page. */
const tag = (code: string) => `<script
  src="${location.origin}/widget.js"
  data-app-key="glp_…"
  data-assistant="${code}"
></script>`;

type HandoutProps = {
  label: string;
  text: string;
  copy: string;
  hint?: string;
  children?: ComponentChildren;
};

function Handout({ label, text, copy, hint, children = hint }: HandoutProps) {
  const lines = text.includes("\n");
  return (
    <>
      <dt>{label}</dt>
      <dd class={lines ? "handout handout-lines" : "handout"}>
        {lines ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it.
          <pre tabIndex={0}>
            <code>{text}</code>
          </pre>
        ) : (
          <code>{text}</code>
        )}
        <CopyButton text={() => text} label={copy} />
        {children && <p class="hint">{children}</p>}
      </dd>
    </>
  );
}
