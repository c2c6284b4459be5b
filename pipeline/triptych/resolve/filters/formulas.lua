-- Runs last. Pandoc's reader of TeX gives up a formula at the first command it does not know. What
-- such a command means is written here in commands that it knows; a formula that can then be read
-- stands in a span of class `formula` with the author's TeX. One that cannot is left as it was.

local function readable(formula)
  local html = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ formula }) }), 'html5',
    { html_math_method = 'mathml' })
  return html:find('<math', 1, true) ~= nil
end

local function inside(group) return group:sub(2, -2) end

-- Commands that take arguments, and what is written for them: a number stands for an argument.
local COMMANDS = {
  textcolor = { 2, '{\\color{#1} #2}' }, nicefrac = { 2, '{#1}/{#2}' }, sfrac = { 2, '{#1}/{#2}' },
  dbinom = { 2, '\\binom{#1}{#2}' }, tbinom = { 2, '\\binom{#1}{#2}' },
  mathbbm = { 1, '\\mathbb{#1}' }, mathbbold = { 1, '\\mathbb{#1}' },
  mathpzc = { 1, '\\mathcal{#1}' }, mathnormal = { 1, '{#1}' }, mathop = { 1, '{#1}' },
  mathinner = { 1, '{#1}' }, mathclap = { 1, '{#1}' }, mathllap = { 1, '{#1}' },
  mathrlap = { 1, '{#1}' }, smash = { 1, '{#1}' }, ensuremath = { 1, '{#1}' },
  lefteqn = { 1, '{#1}' }, hbox = { 1, '\\text{#1}' }, textnormal = { 1, '\\text{#1}' },
  textup = { 1, '\\text{#1}' }, textmd = { 1, '\\text{#1}' }, textsc = { 1, '\\text{#1}' },
  raisebox = { 2, '\\text{#2}' }, vphantom = { 1, '' }, tag = { 1, '' }, label = { 1, '' },
  href = { 2, '{#2}' }, mathchoice = { 4, '{#2}' }, prescript = { 3, '{}^{#1}_{#2}{#3}' },
  underaccent = { 2, '\\underset{#1}{#2}' }, cancelto = { 2, '\\cancel{#2}^{#1}' },
  slashed = { 1, '\\cancel{#1}' }, bra = { 1, '\\langle #1|' }, ket = { 1, '|#1\\rangle' },
  braket = { 1, '\\langle #1\\rangle' }, Bra = { 1, '\\left\\langle #1\\right|' },
  Ket = { 1, '\\left|#1\\right\\rangle' }, abs = { 1, '\\left|#1\\right|' },
  norm = { 1, '\\left\\lVert #1\\right\\rVert' }, intertext = { 1, '\\\\ \\text{#1} \\\\' },
  shortintertext = { 1, '\\\\ \\text{#1} \\\\' }, textsuperscript = { 1, '^{\\text{#1}}' },
  textsubscript = { 1, '_{\\text{#1}}' },
}

-- Commands without arguments.
local WORDS = {
  thinspace = '\\,', medspace = '\\:', thickspace = '\\;', negthinspace = '\\!', nobreak = '',
  allowbreak = '', hfill = '', strut = '', mathstrut = '', xspace = '', protect = '', relax = '',
  nonumber = '', notag = '', displaybreak = '', noindent = '', centering = '', boldmath = '',
  unboldmath = '', bigm = '\\big', Bigm = '\\Big', biggm = '\\bigg',
  Biggm = '\\Bigg', vcentcolon = ':', degree = '^{\\circ}', celsius = '^{\\circ}\\mathrm{C}',
  textdegree = '^{\\circ}', varliminf = '\\underline{\\lim}', varlimsup = '\\overline{\\lim}',
  small = '', footnotesize = '', scriptsize = '', tiny = '', normalsize = '', large = '',
}

local DECLARED = { rm = 'mathrm', bf = 'mathbf', it = 'mathit', sf = 'mathsf', tt = 'mathtt',
  cal = 'mathcal' }

local function known_words(tex)
  return (tex:gsub('\\(%a+)%*?', function(name)
    return WORDS[name] and (WORDS[name] .. (WORDS[name] == '' and ' ' or '')) or nil
  end))
end

local function lengths(tex)
  return (tex:gsub('\\[mk]?kern%s*%-?[%d.]+%s*%a%a', '\\,')
    :gsub('\\[mh]skip%s*%-?[%d.]+%s*%a%a', '\\,')
    :gsub('\\rule%s*%b[]%s*%b{}%s*%b{}', ''):gsub('\\rule%s*%b{}%s*%b{}', '')
    :gsub('\\cfrac%s*%[[lrc]%]', '\\dfrac'):gsub('\\cfrac%f[%A]', '\\dfrac'))
end

local function environments(tex)
  return (tex:gsub('{dcases%*?}', '{cases}'):gsub('{cases%*}', '{cases}')
    :gsub('\\begin{subequations}', ''):gsub('\\end{subequations}', '')
    :gsub('{flalign%*?}', '{aligned}'))
end

-- `{\rm x}` and `\rm x`: the command holds to the end of its group.
local function declared(tex)
  for name, command in pairs(DECLARED) do
    tex = tex:gsub('%b{}', function(group)
      local start, rest = inside(group):match('^(.-)\\' .. name .. '%f[%A]%s*(.*)$')
      if start == nil or start:find('[{}]') then return '{' .. declared(inside(group)) .. '}' end
      return '{' .. start .. '\\' .. command .. '{' .. declared(rest) .. '}}'
    end)
    local start, rest = tex:match('^(.-)\\' .. name .. '%f[%A]%s*(.*)$')
    if start ~= nil and not start:find('[{}]') then
      tex = start .. '\\' .. command .. '{' .. rest .. '}'
    end
  end
  return tex
end

-- The argument at a place: a group, a command, or a character; and where it ends.
local function argument(tex, at)
  at = tex:find('%S', at) or #tex + 1
  if tex:sub(at, at) == '{' then
    local first, last = tex:find('^%b{}', at)
    if first then return tex:sub(first + 1, last - 1), last + 1 end
  end
  local first, last = tex:find('^\\%a+', at)
  if first then return tex:sub(first, last), last + 1 end
  return tex:sub(at, at), at + 1
end

local function commands(tex)
  local written, at = {}, 1
  while true do
    local first, last, name = tex:find('\\(%a+)%*?', at)
    if first == nil then break end
    local known = COMMANDS[name]
    if known == nil then
      written[#written + 1] = tex:sub(at, last)
      at = last + 1
    else
      written[#written + 1] = tex:sub(at, first - 1)
      at = last + 1
      local given = {}
      local _, optional = tex:find('^%s*%b[]', at)
      if optional and name ~= 'bra' and name ~= 'ket' then at = optional + 1 end
      for n = 1, known[1] do
        given[n], at = argument(tex, at)
        given[n] = commands(given[n])
      end
      written[#written + 1] = (known[2]:gsub('#(%d)', function(n) return given[tonumber(n)] end))
    end
  end
  written[#written + 1] = tex:sub(at)
  return table.concat(written)
end

local function lines(tex)
  local bare = tex:gsub('\\begin(%b{}).-\\end%1', '')
  if not bare:find('\\\\', 1, true) then return tex end
  local kind = bare:find('&', 1, true) and 'aligned' or 'gathered'
  return '\\begin{' .. kind .. '}' .. tex .. '\\end{' .. kind .. '}'
end

local function rewritten(formula)
  if readable(formula) then return nil end
  local tex = formula.text
  for _, step in ipairs({ lengths, environments, declared, known_words, commands, lines }) do
    tex = step(tex)
  end
  local other = pandoc.Math(formula.mathtype, tex)
  if not readable(other) then return nil end
  return pandoc.Span({ other }, pandoc.Attr('', { 'formula' }, { tex = formula.text }))
end

return { { Math = rewritten } }
