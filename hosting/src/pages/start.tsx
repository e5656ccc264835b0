import { useState } from "preact/hooks";
import { listModels } from "../client/api";
import { useLoad } from "../client/use-load";
import { Icon } from "../components/icon";
import { ModelPicker } from "../components/model-picker";
import { texts } from "../texts";

type Props = { name: string; onStart: (model?: string) => void };

/** The way into a talk; quietly beside it, which model is to speak. */
export function Start({ name, onStart }: Props) {
  // Without the list the assistant's own model speaks, which is the usual case anyway.
  const { data: models = [] } = useLoad(listModels, []);
  const [model, setModel] = useState("");
  return (
    <div class="start">
      <button type="button" class="button button-large" onClick={() => onStart(model || undefined)}>
        {texts.assistant.start(name)} <Icon name="right" />
      </button>
      {models.length > 1 && (
        <div class="start-model">
          <span class="whisper">{texts.model.label}</span>
          <ModelPicker models={models} value={model} own place="below-row" onPick={setModel} />
        </div>
      )}
    </div>
  );
}
