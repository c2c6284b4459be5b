-- The place in a work that a citation names (CSL's locator), where pandoc would
-- read it wrong: of `pp. 3 and 5` it takes 3 alone, and prints `p. 3 and 5`, so the whole is put into
-- braces; `no. 6` it takes for an issue, which few works that are cited so have, so that it stays as
-- it is written.

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
local and_ = blank ^ 1 * words('and & und et y en og och ja') * blank ^ 1
local lead = S(', ') ^ 0
local several = lead * Cp() * label ^ -1 * number * (comma * number) ^ 0 * and_ * number
  * ((comma + and_) * number) ^ 0 * Cp()
local issue = lead * words('nos. no. Nos. No. №') * blank ^ 0 * digit

-- Styles leave out the label of a chapter that is not in figures, and CSL takes `3 & 5` for figures, not
-- `3 and 5`.
local pages = words('pages page pp. pp p. p pgs. pg. S.') * blank + unit
local ampersand = lpeg.Cs((and_ / ' & ' + 1) ^ 0)

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

local function settled(suffix)
  local said, rest = plain(suffix)
  if issue:match(said) then
    suffix:insert(1, pandoc.Str('{}'))
    return suffix
  end
  local first, behind = several:match(said)
  if not first then return suffix end
  local places = said:sub(first, behind - 1)
  if not pages:match(places) then places = ampersand:match(places) end
  local made = inlines(said:sub(1, first - 1))
  made:insert(pandoc.Str('{' .. places .. '}'))
  made:extend(inlines(said:sub(behind)))
  for at = rest, #suffix do made:insert(suffix[at]) end
  return made
end

return settled
