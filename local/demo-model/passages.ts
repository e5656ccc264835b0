const PARAGRAPH =
  "A good question is worth more than quick advice, because it leaves the work with the one who knows the most " +
  "about it. Take a sheet of paper and write down what you want to be true in three months. Then write down what " +
  "is already true today, without being hard on yourself. Between the two lies a road, and the first stretch of " +
  "it is short enough to be walked this week. Choose a step so small that it feels almost silly. Decide when and " +
  "where you will take it, and who may hear about it afterwards. If you miss it once, nothing is lost: look at " +
  "what stood in the way, make the step smaller, and begin again on the next morning.";

/** More than 600 words in paragraphs, for long replies. */
export const LONG_TEXT = Array.from({ length: 6 }, () => PARAGRAPH).join(" \n\n");

/** Emoji with modifiers and joiners, CJK, right-to-left scripts, combining marks, astral letters, format marks. */
export const UNICODE_TEXT =
  "Hello 👋🏽, welcome to the world 🌍. A family 👨‍👩‍👧‍👦, a flag 🏳️‍🌈, two letters 🇰🇷 and a keycap 1️⃣ come first. " +
  "你好，世界。我们慢慢来。 こんにちは、今日はどんな一日でしたか。 안녕하세요, 천천히 해요. " +
  "مرحبا، كيف حالك اليوم؟ שלום, מה שלומך היום? नमस्ते, आप कैसे हैं? สวัสดีครับ. " +
  "Cafe\u0301 nai\u0308ve A\u030Angstro\u0308m Vie\u0323\u0302t Z\u0337a\u0336l\u0335g\u0334o\u0338. " +
  "𝒜𝓃𝒸𝒾𝑒𝓃𝓉 𝔩𝔢𝔱𝔱𝔢𝔯𝔰, 𠮷野家, zero\u200Bwidth, soft\u00ADhyphen, “quotes”, C:\\users\\nori, <b>not bold</b> & done ✅";
