/*
 * The guard of free texts, in the browser: the same search as portal/free_text.py, said while the person
 * writes. It only helps: the server checks again, and the page works without it.
 *
 *   <textarea data-free-text-guard>…</textarea>
 *
 * A numéro de sécurité sociale stops the form from leaving; the rest is pointed out in a polite live region
 * under the field. Nothing typed leaves the page from here.
 */

// BEGIN written by python -m portal.lexicons
const DATA = {
 "phrases": {
  "autorises": {
   "métier": ["assurance maladie","organisme d assurance maladie","caisse maladie","caisse primaire d assurance maladie","regime maladie","droits maladie","droit maladie","couverture maladie","couverture maladie universelle","protection universelle maladie","protection maladie universelle","prestation maladie","branche maladie","frais de maladie","feuille de maladie","affiliation maladie","service maladie","carte europeenne d assurance maladie","complementaire sante","complementaire sante solidaire","medecin traitant","declaration de medecin traitant","carte vitale","acces aux soins","acces a la sante","accompagnement sante","mission accompagnement sante","conseiller accompagnement sante","renoncement aux soins","parcours de soins","feuille de soins","panier de soins","frais de sante","examen de prevention en sante","bilan de sante","centre de sante","maison de sante","mon espace sante","professionnel de sante","mutuelle sante","conge maladie","conge maternite","conge de maternite","assurance maternite","prestation maternite","indemnites journalieres","arret de travail","arret maladie","accident du travail","maladie professionnelle","forfait hospitalier","frais d hospitalisation","facture d hospitalisation","bulletin d hospitalisation","garantie hospitalisation","carte mobilite inclusion","maison departementale des personnes handicapees","allocation aux adultes handicapes","allocation adulte handicape","allocation d education de l enfant handicape","reconnaissance de la qualite de travailleur handicape","prestation de compensation du handicap","pension d invalidite","titre de pension d invalidite","service invalidite","assurance invalidite","allocation supplementaire d invalidite","m t dents","rappel de vaccination","carnet de vaccination","tiers payant"],
   "traitement d'un dossier": ["traitement de","traitement du","traitement des","traitement d un","traitement d une","traitement de la demande","traitement du dossier","traitement de votre demande","traitement de sa demande","traitement de donnees","en cours de traitement","en attente de traitement","cours de traitement","delai de traitement","duree de traitement","date de traitement","suivi du traitement","en traitement","pour traitement","apres traitement","avant traitement","sans traitement","traitement en cours","traitement prioritaire","traitement urgent","traitement rapide","traitement administratif","traitement informatique","traitement automatique","traitement automatise","traitement salarial","traitement et suivi","egalite de traitement","traitement est","traitement sera","service de traitement","centre de traitement"],
   "autres sens": ["dans l enceinte","l enceinte de","l enceinte du","l enceinte des","enceinte du batiment","fracture numerique","fracture sociale","fracture territoriale","greffe du tribunal","greffe du juge","ordonnance du juge","ordonnance du tribunal","ordonnance de placement","ordonnance de protection","ordonnance de refere","adresse invalide","numero invalide","courriel invalide","fichier invalide","lien invalide","code invalide","piece invalide","document invalide","dossier invalide","diagnostic social","diagnostic partage","diagnostic territorial","diagnostic numerique","diagnostic de performance energetique"]
  },
  "sante_a": {
   "maladie": ["cancer","cancereux","cancereuse","cancerolog*","tumeur","metastas*","leucemi*","lymphome","sarcome","melanome","chimiotherap*","chimio","radiotherap*","diabet*","diabete","insulinodepend*","insuline","vih","sida","seropositi*","hepatite","cirrhose","tuberculose","epilep*","parkinson","alzheimer","demence","sclerose","sclerose en plaques","mucoviscidose","myopath*","fibromyalg*","polyarthrite","arthrose","asthm*","bpco","insuffisance renale","insuffisance cardiaque","insuffisance respiratoire","infarctus","avc","accident vasculaire","embolie","angine de poitrine","probleme de coeur","probleme cardiaque","maladie cardiaque","maladie rare","maladie chronique","maladie psychique","maladie grave","maladie d alzheimer","maladie de parkinson","maladie de crohn","maladie de lyme","crohn","lupus","drepanocyt*","thalassem*","hemophil*","trisom*","endometriose","hypertension arterielle","hypertendu","anorex*","boulimi*","obes*","obesite","covid long","gangrene","septicem*","meningite","paludisme","gale","syphilis","chlamydia","ist","mst","zona","eczema","psoriasis","glaucome","cataracte","dmla","surdite","cecite","hernie discale","fracture*","col du femur","amput*","parapleg*","tetrapleg*","hemipleg*","paralys*","coma","dialys*","greffe","transplant*","stomie","tracheotom*"],
   "santé mentale": ["depress*","bipolaire","bipolarite","schizophren*","psychose","psychoti*","psychiatr*","nevros*","paranoia*","autis*","trouble autistique","trouble anxieux","trouble psych*","trouble mental","trouble du comportement","trouble alimentaire","trouble dys","tdah","burn out","burnout","suicid*","tentative de suicide","sante mentale","maladie mentale","anxiolytique","antidepresseur","neuroleptique","hopital psychiatrique","hospitalisation d office","soins sans consentement"],
   "addiction": ["alcooli*","toxicoman*","addict*","heroine","cocaine","cannabis","methadone","subutex","cure de desintoxication","traitement de substitution","dependance a l alcool","sevrage"],
   "grossesse": ["enceinte","grossesse","fausse couche","ivg","imp","interruption volontaire de grossesse","interruption medicale de grossesse","avortement","contracept*","sterilet","pma","fecondation in vitro"],
   "traitement": ["traitement medical","traitement medicamenteux","traitement psychiatrique","traitement hormonal","traitement lourd","traitement du cancer","traitement du vih","traitement du diabete","morphin*","cortisone","antibioti*","doliprane","medicament","operation de la hanche","operation du genou","operation du coeur","operation chirurgicale","ete opere","etre opere","fait operer","doit etre operee","ete operee","etre operee","intervention chirurgicale","chirurgi*","soins palliatifs","fin de vie"]
  },
  "sante_b": {
   "état de santé": ["maladie","malade","traitement","handicap","handicape","handicapee","invalidite","invalide","incurable","souffrant","souffrante","souffre de","souffre d","etat de sante","probleme de sante","souci de sante","sante fragile","sante degradee","perte d autonomie","grabataire","alite","alitee","ald","affection longue duree","affection de longue duree","pathologi*","diagnosti*","symptome","sequelle","douleur","contagieu*","fauteuil roulant","sous oxygene","pronostic"],
   "hospitalisation": ["hospitalis*","urgences psychiatriques","reanimation","convalescen*","maison de repos","en reeducation","centre de reeducation","ehpad medicalise","ambulance","irm","scanner medical","radiographie","prise de sang","analyse de sang","certificat medical","dossier medical","secret medical","compte rendu medical","ordonnance","vaccin*","cardiolog*","oncolog*","neurolog*","gynecolog*","addictolog*","psycholog*"]
  },
  "propos": {
   "injure": ["connard*","connass*","con","conne","salop*","salaud","encul*","pute","putain","petasse","pouffiasse","enfoire","enfoiree","batard","batarde","merde","merdeu*","abruti","abrutie","imbecile","idiot","idiote","cretin","cretine","debile","attarde","attardee","tare","taree","bougnoul*","negro","youpin*","pede","gouine","clodo","pochtron*","poivrot*","alcoolo","toxico","ivrogne","fils de pute","ta gueule","nique","niquer"],
   "jugement": ["faineant","faineante","feignant","feignante","feignasse","profiteur","profiteuse","parasite","un assiste","une assistee","cas social","cassos","crasseux","crasseuse","menteur","menteuse","tricheur","tricheuse","fraudeur","fraudeuse","voleur","voleuse","hysterique","folle","fou a lier","stupide","stupidite","bon a rien","bonne a rien","mauvaise foi","de mauvaise volonte","ingerable"]
  }
 },
 "messages": {
  "NIR": "Ce texte semble contenir un numéro de sécurité sociale. Retirez-le.",
  "NIR_DOUTEUX": "Ce texte contient une suite de chiffres qui ressemble à un numéro de sécurité sociale. Si c’en est un, retirez-le ; sinon, confirmez.",
  "IBAN": "Ce texte semble contenir des coordonnées bancaires (IBAN). Joignez plutôt le RIB comme pièce, ou confirmez qu’elles sont nécessaires ici.",
  "TELEPHONE": "Ce texte contient un numéro de téléphone : vérifiez qu’il est utile ici.",
  "SANTE": "Ce texte semble contenir une donnée de santé ({family}). Retirez-la, ou confirmez que ce n’en est pas une.",
  "INSULTE": "Ce texte contient peut-être un propos blessant ou un jugement. La personne peut demander à le lire : reformulez-le, ou confirmez."
 },
 "severities": {
  "NIR": "BLOCK",
  "NIR_DOUTEUX": "WARN",
  "IBAN": "WARN",
  "TELEPHONE": "INFO",
  "SANTE": "WARN",
  "INSULTE": "WARN"
 },
 "confirmed": {
  "NIR_DOUTEUX": "numéro de sécurité sociale",
  "IBAN": "coordonnées bancaires inutiles",
  "SANTE": "donnée de santé",
  "INSULTE": "propos blessant"
 },
 "ibanLengths": {
  "AD": 24,
  "AT": 20,
  "BE": 16,
  "BG": 22,
  "CH": 21,
  "CY": 28,
  "CZ": 24,
  "DE": 22,
  "DK": 18,
  "EE": 20,
  "ES": 24,
  "FI": 18,
  "FR": 27,
  "GB": 22,
  "GR": 27,
  "HR": 21,
  "HU": 28,
  "IE": 22,
  "IS": 26,
  "IT": 27,
  "LI": 21,
  "LT": 20,
  "LU": 20,
  "LV": 21,
  "MA": 28,
  "MC": 27,
  "MT": 31,
  "NL": 18,
  "NO": 15,
  "PL": 28,
  "PT": 25,
  "RO": 24,
  "SE": 24,
  "SI": 19,
  "SK": 24,
  "SM": 27,
  "TN": 24,
  "TR": 26
 },
 "phone": "(?<![0-9+])(?:(?:\\+|00)(?:33|262|590|594|596|508|687|689)[ .\\-]?(?:\\(0\\)[ .\\-]?)?[1-9]|0[1-9])(?:[ .\\-]?[0-9]){8}(?![0-9])"
};
// END written by python -m portal.lexicons

const LISTS = ["autorises", "sante_a", "sante_b", "propos"];
const LIST_KINDS = { sante_a: "SANTE", sante_b: "SANTE", propos: "INSULTE" };
const PREFIX_KEY = 3;

/* ---- folding: portal/folding.py ---- */

const SPELT = { "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l" };

/** The value of a decimal digit of any script: digits come by tens, in order. */
function decimal(character) {
  const point = character.codePointAt(0);
  if (point < 128) return character;
  let rank = 0;
  while (rank < 70 && /\p{Nd}/u.test(String.fromCodePoint(point - rank - 1))) rank += 1;
  return String(rank % 10);
}

/** Folded text, and for each of its characters the index (in characters) of the original. */
function fold(text) {
  let folded = "";
  const origin = [];
  Array.from(text).forEach((character, index) => {
    let parts = "";
    for (const part of character.normalize("NFKD")) {
      if (/[\p{Cf}\p{M}]/u.test(part)) continue;
      if (/\p{Nd}/u.test(part)) parts += decimal(part);
      else {
        const lowered = part.toLowerCase();
        parts += SPELT[lowered] ?? lowered;
      }
    }
    // A character outside the basic plane is one place in the original and two here: fold it to one.
    for (const part of Array.from(parts)) {
      folded += part.length > 1 ? "\uFFFD" : part;
      origin.push(index);
    }
  });
  return { text: folded, origin };
}

/* ---- word lists: portal/lexicons ---- */

function buildLexicon() {
  const byWord = new Map();
  const byPrefix = new Map();
  for (const list of LISTS) {
    for (const [family, phrases] of Object.entries(DATA.phrases[list])) {
      for (const text of phrases) {
        const phrase = { words: text.split(" "), list, family };
        const first = phrase.words[0];
        const [index, key] = first.endsWith("*") ? [byPrefix, first.slice(0, PREFIX_KEY)] : [byWord, first];
        if (!index.has(key)) index.set(key, []);
        index.get(key).push(phrase);
      }
    }
  }
  return { byWord, byPrefix };
}

const LEXICON = buildLexicon();

function sameWord(word, expected) {
  if (expected.endsWith("*")) return word.startsWith(expected.slice(0, -1));
  return word === expected || (word.slice(0, -1) === expected && /[sx]$/.test(word));
}

function wins(phrase, best) {
  if (phrase.words.length !== best.words.length) return phrase.words.length > best.words.length;
  return LISTS.indexOf(phrase.list) < LISTS.indexOf(best.list);
}

function longestPhrase(words, position) {
  const first = words[position].word;
  let best = null;
  for (const candidates of [
    LEXICON.byWord.get(first),
    LEXICON.byWord.get(first.slice(0, -1)),
    LEXICON.byPrefix.get(first.slice(0, PREFIX_KEY)),
  ]) {
    for (const phrase of candidates ?? []) {
      if (best && !wins(phrase, best)) continue;
      if (position + phrase.words.length > words.length) continue;
      if (phrase.words.every((expected, rank) => sameWord(words[position + rank].word, expected))) best = phrase;
    }
  }
  return best;
}

function searchWords(text) {
  const words = Array.from(text.matchAll(/[a-z0-9]+/g), (match) => ({
    word: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
  const found = [];
  let position = 0;
  while (position < words.length) {
    const phrase = longestPhrase(words, position);
    if (!phrase) {
      position += 1;
      continue;
    }
    const last = position + phrase.words.length - 1;
    if (phrase.list !== "autorises") {
      found.push({
        kind: LIST_KINDS[phrase.list],
        start: words[position].start,
        end: words[last].end,
        family: phrase.family,
      });
    }
    position = last + 1;
  }
  return found;
}

/* ---- NIR: portal/nir.py ---- */

const NUMBER = /^[123478][0-9]{2}(?:0[1-9]|1[0-2]|[23][0-9]|4[0-2]|[5-9][0-9])(?:[0-9]{2}|2[ab])[0-9]{3}(?!000)[0-9]{3}$/;
const LONGEST_GAP = 5;
const TIGHT_GAP = 2;
const BARE = 13;
const WITH_KEY = 15;

const isDigit = (character) => character >= "0" && character <= "9" && character.length === 1;

function hasRightKey(window) {
  const number = window.slice(0, BARE);
  const key = window.slice(BARE);
  if (!NUMBER.test(number) || !/^[0-9]{2}$/.test(key)) return false;
  return 97 - Number(BigInt(number.replace("2a", "19").replace("2b", "18")) % 97n) === Number(key);
}

function isCorsica(chain, symbol, gap, text, place) {
  if ((symbol !== "a" && symbol !== "b") || chain.length === 0 || gap.length > LONGEST_GAP) return false;
  if (chain[chain.length - 1].symbol !== "2") return false;
  return /^[^a-z0-9]{0,5}[0-9]/.test(text.slice(place + 1, place + 7));
}

/** Digits that may belong together: [{symbol, place, gap}, …] per chain. */
function chainsOf(text) {
  const chains = [];
  let chain = [];
  let end = 0;
  let skipped = 0;
  const close = () => {
    if (chain.length) chains.push(chain);
    chain = [];
  };
  for (const match of text.matchAll(/cle[fs]?(?![a-z])|[0-9]|[a-z]+/g)) {
    const symbol = match[0];
    const place = match.index;
    const gap = text.slice(end, place);
    if (symbol === "cle" || symbol === "clef" || symbol === "cles") {
      skipped += symbol.length;
      continue;
    }
    if (!isDigit(symbol) && !isCorsica(chain, symbol, gap, text, place)) {
      close();
      end = place + symbol.length;
      skipped = 0;
      continue;
    }
    if (chain.length && gap.length - skipped > LONGEST_GAP) close();
    chain.push({
      symbol,
      place,
      gap: chain.length ? gap : "",
    });
    end = place + symbol.length;
    skipped = 0;
  }
  close();
  return chains;
}

const overlaps = (span, spans) => spans.some((other) => span.start < other.end && other.start < span.end);

function spanOf(chain, first, length) {
  return { start: chain[first].place, end: chain[first + length - 1].place + 1 };
}

/** Whether a group of digits begins here (or the chain ends here). */
const opens = (chain, index) => index === 0 || index === chain.length || chain[index].gap !== "";

/** Whether one same short sign parts all the groups of a window, as people part one number. */
function isTight(symbols) {
  const signs = new Set(symbols.slice(1).map((item) => item.gap).filter(Boolean));
  return signs.size <= 1 && Array.from(signs).every((sign) => sign.length <= TIGHT_GAP && !/[\n\r\t,;|]/.test(sign));
}

function windowsOf(chain, length) {
  const windows = [];
  for (let first = 0; first + length <= chain.length; first += 1) {
    const after = first + length;
    if (opens(chain, first) && opens(chain, after)) {
      const symbols = chain.slice(first, after);
      windows.push({ first, symbols, text: symbols.map((item) => item.symbol).join("") });
    }
  }
  return windows;
}

function certainNumbers(chain) {
  return windowsOf(chain, WITH_KEY)
    .filter((window) => hasRightKey(window.text))
    .map((window) => spanOf(chain, window.first, WITH_KEY));
}

function doubtfulNumbers(chain) {
  const found = [];
  for (const length of [WITH_KEY, BARE]) {
    for (const window of windowsOf(chain, length)) {
      if (isTight(window.symbols) && NUMBER.test(window.text.slice(0, BARE))) found.push(spanOf(chain, window.first, length));
    }
  }
  for (let first = 0; first + WITH_KEY <= chain.length; first += 1) {
    const symbols = chain.slice(first, first + WITH_KEY);
    const glued = !symbols.slice(1).some((item) => item.gap);
    if (glued && hasRightKey(symbols.map((item) => item.symbol).join(""))) found.push(spanOf(chain, first, WITH_KEY));
  }
  return found;
}

function findNumbers(folded, cleared, masked) {
  let text = folded;
  for (const { start, end } of masked) text = text.slice(0, start) + "x".repeat(end - start) + text.slice(end);
  const found = [];
  const chains = chainsOf(text);
  for (const [read, kind, spared] of [
    [certainNumbers, "NIR", []],
    [doubtfulNumbers, "NIR_DOUTEUX", cleared],
  ]) {
    for (const chain of chains) {
      for (const span of read(chain)) {
        if (!overlaps(span, spared) && !overlaps(span, found)) found.push({ kind, ...span, family: "" });
      }
    }
  }
  return found;
}

/* ---- IBAN, SIRET, telephones: portal/free_text.py ---- */

function endOfIban(text, start, length) {
  let characters = "";
  let gap = 0;
  for (let place = start; place < text.length; place += 1) {
    if (!/[a-z0-9]/.test(text[place])) {
      gap += 1;
      if (gap > 3) return null;
      continue;
    }
    gap = 0;
    characters += text[place];
    if (characters.length === length) {
      const whole = !/[a-z0-9]/.test(text[place + 1] ?? "");
      const moved = characters.slice(4) + characters.slice(0, 4);
      const digits = Array.from(moved, (digit) => Number.parseInt(digit, 36)).join("");
      return whole && BigInt(digits) % 97n === 1n ? place + 1 : null;
    }
  }
  return null;
}

function findIbans(text) {
  const found = [];
  for (const match of text.matchAll(/(?<![a-z0-9])[a-z]{2}[0-9]{2}/g)) {
    const length = DATA.ibanLengths[match[0].slice(0, 2).toUpperCase()];
    const end = length ? endOfIban(text, match.index, length) : null;
    if (end !== null) found.push({ kind: "IBAN", start: match.index, end, family: "" });
  }
  return found;
}

function luhn(text) {
  const digits = Array.from(text).filter(isDigit).map(Number).reverse();
  const sum = digits.reduce((total, digit, rank) => {
    const doubled = rank % 2 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

const spansOf = (text, pattern) =>
  Array.from(text.matchAll(pattern), (match) => ({ text: match[0], start: match.index, end: match.index + match[0].length }));

/**
 * Everything the guard sees in a text, in order: kind, severity, message in French, start and end (counted in
 * characters, as Python does).
 */
export function checkText(original) {
  const { text, origin } = fold(original);
  const ibans = findIbans(text);
  const sirets = spansOf(text, /(?<![0-9])[0-9]{3}[ .\-]?[0-9]{3}[ .\-]?[0-9]{3}[ .\-]?[0-9]{5}(?![0-9])/g).filter(
    (span) => luhn(span.text),
  );
  const numbers = findNumbers(text, sirets, ibans);
  const taken = [...ibans, ...sirets, ...numbers];
  const phones = spansOf(text, new RegExp(DATA.phone, "g"))
    .filter((span) => !overlaps(span, taken))
    .map(({ start, end }) => ({ kind: "TELEPHONE", start, end, family: "" }));
  return [...numbers, ...ibans, ...phones, ...searchWords(text)]
    .map(({ kind, start, end, family }) => ({
      kind,
      severity: DATA.severities[kind],
      message: DATA.messages[kind].replace("{family}", family),
      start: origin[start],
      end: origin[end - 1] + 1,
    }))
    .sort((one, other) => one.start - other.start || one.end - other.end);
}

/* ---- in the page ---- */

const GUARDED = "[data-free-text-guard]";
const PAUSE = 400;
const timers = new WeakMap();
let regions = 0;

/** The live region of a field, made before it has anything to say: a screen reader only hears changes. */
function regionOf(field) {
  const known = field.dataset.freeTextGuard;
  const existing = known ? document.getElementById(known) : null;
  if (existing) return existing;
  regions += 1;
  const region = document.createElement("div");
  region.id = `garde-fou-${regions}`;
  region.className = "ep-guard";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  field.dataset.freeTextGuard = region.id;
  field.insertAdjacentElement("afterend", region);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${region.id}`.trim());
  return region;
}

/** Says what was found, each sentence once; returns whether the text is refused. */
function show(field) {
  const region = regionOf(field);
  const findings = checkText(field.value);
  const refused = findings.some((finding) => finding.severity === "BLOCK");
  const sentences = new Map(findings.map((finding) => [finding.message, finding.severity]));
  const said = Array.from(sentences.keys()).join("\n");
  if (region.dataset.said !== said) {
    region.dataset.said = said;
    region.replaceChildren(
      ...Array.from(sentences, ([message, severity]) => {
        const line = document.createElement("p");
        line.className = `ep-guard__line ep-guard__line--${severity.toLowerCase()}`;
        const label = document.createElement("strong");
        label.textContent = severity === "BLOCK" ? "Erreur\u00a0: " : "Attention\u00a0: ";
        line.append(label, message);
        return line;
      }),
    );
  }
  if (refused) {
    field.setAttribute("aria-invalid", "true");
    field.dataset.freeTextRefused = "";
  } else if ("freeTextRefused" in field.dataset) {
    field.removeAttribute("aria-invalid");
    delete field.dataset.freeTextRefused;
  }
  return refused;
}

function onInput(event) {
  if (!event.target.matches?.(GUARDED)) return;
  const field = event.target;
  clearTimeout(timers.get(field));
  timers.set(
    field,
    setTimeout(() => show(field), PAUSE),
  );
}

function onFocus(event) {
  if (event.target.matches?.(GUARDED)) regionOf(event.target);
}

/** Runs before every other listener, htmx's included: a refused text leaves the page by no way. */
function onSubmit(event) {
  const refused = Array.from(event.target.querySelectorAll(GUARDED)).filter(show);
  if (refused.length === 0) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  refused[0].focus();
}

if (typeof document !== "undefined") {
  document.addEventListener("input", onInput);
  document.addEventListener("focusin", onFocus);
  document.addEventListener("submit", onSubmit, true);
}
