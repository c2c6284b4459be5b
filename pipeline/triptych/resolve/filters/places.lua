-- The place in a work that a citation names (CSL's locator), where pandoc would
-- read it wrong: of `pp. 3 and 5` it takes 3 alone, and prints `p. 3 and 5`, so the whole is put into
-- braces; `no. 6` it takes for an issue, which few works that are cited so have, so that it stays as
-- it is written. It knows no label behind its number: of `12쪽` it would print `p. 12쪽`.

local lpeg = require('lpeg')
local P, R, S, Cp = lpeg.P, lpeg.R, lpeg.S, lpeg.Cp

local function words(list)
  local any = P(false)
  for word in list:gmatch('%S+') do any = any + P(word) end
  return any
end

local blank, digit, letter = P(' '), R('09'), R('az', 'AZ')
local unit = digit * (digit + letter + S('.:') * #digit) ^ 0
  + S('ivxlcdmIVXLCDM') ^ 1 * -(letter + digit)
local number = unit * (blank ^ 0 * (P('-') + '–' + '—') ^ 1 * blank ^ 0 * unit) ^ 0
local label = words('pages page pp. pp p. p pgs. pg. chapters chapter chaps. chap. chs. ch. chs ch '
    .. 'sections section sects. sect. secs. sec. volumes volume vols. vol. figures figure figs. fig. '
    .. 'folios folio fols. fol. columns column cols. col. lines line ll. l. verses verse vv. v. '
    .. 'notes note nn. n. paragraphs paragraph paras. para. pars. par. parts part pts. pt. '
    .. 'books book bks. bk. S. Kap. Abschn. Bd. Abb. cap.') * blank ^ 1
  + (P('§') + '¶') ^ 1 * blank ^ 0
local comma = blank ^ 0 * ',' * blank ^ 0
local lead = S(', ') ^ 0
local issue = lead * words('nos. no. Nos. No. №') * blank ^ 0 * digit

-- Several places with a word such as `and` before the last, and what puts `&` for it. `own` is the word
-- in the work's language; signs of other scripts stand without blanks, too.
local function grammar(own)
  local and_ = blank ^ 1 * words('and & und et y en og och ja') * blank ^ 1
  if own:match('^%a+$') then
    and_ = and_ + blank ^ 1 * own * blank ^ 1
  elseif own ~= '' then
    and_ = and_ + blank ^ 0 * own * blank ^ 0
  end
  local several = lead * Cp() * label ^ -1 * number * (comma * number) ^ 0 * and_ * number
    * ((comma + and_) * number) ^ 0 * Cp()
  return several, lpeg.Cs((and_ / ' & ' + 1) ^ 0)
end

-- Labels that stand behind the number, with or without a word before it: `12쪽`, `第3章`.
local behind_number = P(false)
for said, labels in pairs({ ['p.'] = '쪽 페이지 頁 页 ページ', ['chap.'] = '章 장', ['sec.'] = '節 节 절',
  ['vol.'] = '巻 卷 권', ['l.'] = '行 행', ['fig.'] = '図 圖 图', ['para.'] = '段落 段' }) do
  behind_number = behind_number + words(labels) * lpeg.Cc(said)
end
local to = (P('~') + '～' + '〜' + '–' + '—' + '-') / '-'
local figures = digit ^ 1
local from_to = figures * ((blank ^ 0 / '') * to * (blank ^ 0 / '') * figures) ^ 0
local labelled = lead * Cp() * (P('第') + '제') ^ -1 * blank ^ 0
  * lpeg.Cs(from_to * ((comma / ', ') * from_to) ^ 0) * blank ^ 0 * behind_number * Cp()
local east_asian = labelled * (-P(1) + #(blank + S(',.;:)') + '，' + '、' + '；'))

-- Styles leave out the label of a chapter that is not in figures, and CSL takes `3 & 5` for figures, not
-- `3 and 5`.
local pages = words('pages page pp. pp p. p pgs. pg. S.') * blank + unit

-- The words that a suffix begins with, up to the first that is more than a word.
local function plain(suffix)
  local said, at = '', 1
  while suffix[at] and (suffix[at].t == 'Str' or suffix[at].t:match('Space$|Break$')
    or suffix[at].t == 'Space' or suffix[at].t == 'SoftBreak') do
    said = said .. (suffix[at].t == 'Str' and suffix[at].text:gsub('\u{A0}', ' ') or ' ')
    at = at + 1
  end
  return said, at
end

local function inlines(text)
  local made = pandoc.Inlines({})
  for blanks, word in text:gmatch('( *)([^ ]*)') do
    if blanks ~= '' then made:insert(pandoc.Space()) end
    if word ~= '' then made:insert(pandoc.Str(word)) end
  end
  return made
end

local several, ampersand = grammar('')

local function settled(suffix)
  local said, rest = plain(suffix)
  local first, figure, label_of, behind = east_asian:match(said)
  if issue:match(said) or (not first and labelled:match(said)) then
    suffix:insert(1, pandoc.Str('{}'))
    return suffix
  end
  local places = first and label_of .. ' ' .. figure
  if not first then first, behind = several:match(said) end
  if not first then return suffix end
  places = places or said:sub(first, behind - 1)
  if not pages:match(places) then places = ampersand:match(places) end
  local made = inlines(said:sub(1, first - 1))
  made:insert(pandoc.Str('{' .. places .. '}'))
  made:extend(inlines(said:sub(behind)))
  for at = rest, #suffix do made:insert(suffix[at]) end
  return made
end

local function speak(own) several, ampersand = grammar(own) end

return { settled = settled, speak = speak }
