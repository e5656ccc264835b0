import "@fontsource-variable/newsreader/wght.css";
import "@fontsource-variable/newsreader/wght-italic.css";
import "@fontsource-variable/source-sans-3/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/menu.css";
import "./styles/layout.css";
import "./styles/card.css";
import { render } from "preact";
import { App } from "./app";

const place = document.getElementById("app");
if (place) render(<App />, place);
