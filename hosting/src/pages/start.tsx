import { useEffect, useId, useState } from "preact/hooks";
import { account, loadAccount, minding } from "../client/account";
import { Icon } from "../components/icon";
import { useStore } from "../store";
import { texts } from "../texts";

type Props = { name: string; onStart: (model?: string) => void };

/** The way into a talk; quietly beside it, which model is to speak. */
export function Start({ name, onStart }: Props) {
  const models = useStore(account)?.models ?? [];
  const [model, setModel] = useState("");
  const id = useId();
  useEffect(() => {
    minding(loadAccount()).catch(() => {
      // Without the list the assistant's own model speaks, which is the usual case anyway.
    });
  }, []);
  return (
    <div class="start">
      <button type="button" class="button button-large" onClick={() => onStart(model || undefined)}>
        {texts.assistant.start(name)} <Icon name="right" />
      </button>
      {models.length > 1 && (
        <p class="start-model">
          <label for={id}>{texts.assistant.model}</label>
          <select id={id} value={model} onChange={(event) => setModel(event.currentTarget.value)}>
            <option value="">{texts.assistant.modelOwn}</option>
            {models.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </p>
      )}
    </div>
  );
}
