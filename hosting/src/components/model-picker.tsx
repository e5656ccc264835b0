import { useId } from "preact/hooks";
import type { Model } from "../client/shapes";
import { perMillion } from "../format";
import { texts } from "../texts";
import { Icon } from "./icon";
import { Menu } from "./menu";

type Props = {
  models: Model[];
  /** The model that answers; "" for the assistant's own. */
  value: string;
  /** Whether the assistant's own may be picked. */
  own?: boolean;
  place: "above-row" | "below-row";
  onPick: (model: string) => void;
};

/** Which model answers, with what it costs and how much it can hold in mind. */
export function ModelPicker({ models, value, own = false, place, onPick }: Props) {
  const group = useId();
  const shown = value || texts.model.own;
  const known = value === "" || models.some(({ id }) => id === value);
  return (
    <Menu
      label={texts.model.pick(shown)}
      look="tool model-now"
      place={place}
      button={
        <>
          <span>{shown}</span>
          <Icon name="open" />
        </>
      }
    >
      {(close) => (
        <fieldset class="models">
          <legend class="unseen">{texts.model.label}</legend>
          {own && (
            <Choice
              group={group}
              id=""
              name={texts.model.own}
              what={texts.model.ownWhat}
              {...{ value, onPick, close }}
            />
          )}
          {!known && <Choice group={group} id={value} name={value} what="" {...{ value, onPick, close }} />}
          {models.map((model) => (
            <Choice
              key={model.id}
              group={group}
              id={model.id}
              name={model.id}
              what={factsOf(model)}
              {...{ value, onPick, close }}
            />
          ))}
        </fieldset>
      )}
    </Menu>
  );
}

function factsOf({ prices, context_window, known }: Model): string {
  const price = prices
    ? texts.model.price(perMillion(prices.input), perMillion(prices.output))
    : texts.model.noPrice;
  return known ? `${price} · ${texts.model.window(context_window)}` : price;
}

type ChoiceProps = Pick<Props, "value" | "onPick"> & {
  group: string;
  id: string;
  name: string;
  what: string;
  close: () => void;
};

function Choice({ group, id, name, what, value, onPick, close }: ChoiceProps) {
  // A click with the pointer has chosen; the arrow keys, whose clicks count nothing, go on looking.
  const onClick = (event: MouseEvent) => {
    if (event.detail === 0) return;
    onPick(id);
    close();
  };
  return (
    <label class="model" onClick={onClick} onKeyDown={(event) => event.key === "Enter" && close()}>
      <input type="radio" name={group} checked={id === value} onChange={() => onPick(id)} />
      <span class="model-name">{name}</span>
      <span class="whisper">{what}</span>
    </label>
  );
}
