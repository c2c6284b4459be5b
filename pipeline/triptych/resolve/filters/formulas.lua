-- Runs last. Pandoc's reader of TeX gives up on a formula at the first command it does not know, and
-- drops some that it knows. Here such commands are replaced by others that it shows. What it cannot
-- express, such as colours and rules, becomes a mark in the formula, which
-- `mathematics/placeholders.py` reads. A formula rewritten in this way stands in a span of class
-- `formula` with the author's TeX and the commands that no edition shows. A formula that cannot be
-- read stays as it was, in such a span with the command to blame.

local T = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'tex_commands.lua' }))

local tried = {}

local function is_readable(formula)
  local html = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ formula }) }), 'html5',
    { html_math_method = 'mathml' })
  return html:find('<math', 1, true) ~= nil
end

local function readable(formula)
  local name = formula.mathtype .. formula.text
  if tried[name] == nil then tried[name] = is_readable(formula) end
  return tried[name]
end

local function inside(group) return group:sub(2, -2) end

-- --- Arguments, groups, marks ---------------------------------------------------------------------

-- The argument at a place (a group, a command, or a character) and where it ends.
local function argument(tex, at)
  at = tex:find('%S', at) or #tex + 1
  if tex:sub(at, at) == '{' then
    -- Escaped signs may be braces: they are hidden from the search for the closing brace.
    local _, last = tex:gsub('\\[^%a]', '  '):find('^%b{}', at)
    if last then return tex:sub(at + 1, last - 1), last + 1 end
  end
  local first, last = tex:find('^\\%a+', at)
  if first == nil then first, last = tex:find('^' .. utf8.charpattern, at) end
  if first == nil then return '', at end
  return tex:sub(first, last), last + 1
end

-- The argument in brackets at a place, if there is one; and where it ends.
local function option(tex, at)
  local first, last = tex:find('^%s*%b[]', at)
  if first == nil then return nil, at end
  return inside(tex:sub(first, last):gsub('^%s+', '')), last + 1
end

-- Where the group around a place ends: before its brace, the end of a cell, or `\right`.
local function end_of_group(tex, at)
  local depth = 0
  while at <= #tex do
    local sign = tex:sub(at, at)
    local name = sign == '\\' and (tex:match('^\\%a+', at) or tex:sub(at, at + 1)) or sign
    if name == '{' or name == '\\left' or name == '\\begin' then depth = depth + 1 end
    if name == '}' or name == '\\right' or name == '\\end' then depth = depth - 1 end
    if depth < 0 or (depth == 0 and (name == '&' or name == '\\\\' or name == '\\middle')) then
      return at - 1
    end
    at = at + #name
  end
  return #tex
end

-- A mark is text that begins with a private character. Its value is in hexadecimal digits, so that it
-- holds no TeX.
local function mark(kind, value)
  local hex = value:gsub('.', function(c) return string.format('%02x', c:byte()) end)
  return '\\text{\u{E000}' .. kind .. ':' .. hex .. '}'
end

local function marked(kind, value, tex)
  if not tex:find('%S') then return tex end
  return '\\underset{' .. mark(kind, value) .. '}{' .. tex .. '}'
end

-- --- What pandoc drops ----------------------------------------------------------------------------

local LENGTH = '%-?[%d.]+%s*%a%a'
local carry

-- The columns of an array: the letters for pandoc, and the whole specification for the mark.
local function columns(spec, lost)
  spec = spec:gsub('%*%s*{(%d+)}%s*(%b{})', function(n, part) return inside(part):rep(tonumber(n)) end)
  spec = spec:gsub('[@!<>]%s*(%b{})', function(between)
    if between:gsub('\\[,;:! ]', ''):gsub('\\%a?space%*?%b{}', ''):find('[^%s{}]') then
      lost['an array\'s ' .. between] = true
    end
    return ''
  end)
  spec = spec:gsub('[pmbX]%s*%b{}', 'l'):gsub('%s', '')
  return spec:gsub('[^lcr]', ''), spec
end

local function array(tex, at, lost)
  local _, after = option(tex, at)
  local spec
  spec, after = argument(tex, after)
  local letters, all = columns(spec, lost)
  return '\\begin{array}{' .. letters .. '}' .. mark('columns', all), after
end

local HANDLERS = {}

local function colour(tex, at)
  local model, after = option(tex, at)
  local named
  named, after = argument(tex, after)
  return (model or '') .. ':' .. named, after
end

function HANDLERS.color(tex, at, context)
  local named, after = colour(tex, at)
  local last = end_of_group(tex, after)
  return marked('color', named, carry(tex:sub(after, last), context)), last + 1
end

function HANDLERS.textcolor(tex, at, context)
  local named, after = colour(tex, at)
  local body
  body, after = argument(tex, after)
  return marked('color', named, carry(body, context)), after
end

function HANDLERS.colorbox(tex, at)
  local named, after = colour(tex, at)
  local body
  body, after = argument(tex, after)
  return marked('ground', named, '\\text{' .. body .. '}'), after
end

function HANDLERS.fcolorbox(tex, at)
  local frame, after = colour(tex, at)
  local model = frame:match('^(.-):')
  local named, body
  named, after = argument(tex, after)
  body, after = argument(tex, after)
  local filled = marked('ground', model .. ':' .. named, '\\text{' .. body .. '}')
  return marked('color', frame, '\\boxed{' .. filled .. '}'), after
end

-- Operators declared without a star. Pandoc writes `\mathop{\mathrm{…}}` for these and for the others.
-- They are looked for where a formula first has such a form: few works do.
local whole, without_limits

local function is_without_limits(name)
  if not without_limits then
    without_limits = {}
    local function note(code)
      for body in code.text:gmatch('\\DeclareMathOperator%s*%b{}%s*(%b{})') do
        without_limits[inside(body):gsub('%s', '')] = true
      end
    end
    whole:walk({ Code = note, CodeBlock = note, RawBlock = note, RawInline = note })
  end
  return without_limits[inside(name):gsub('%s', '')]
end

function HANDLERS.mathop(tex, at, context)
  local body, after = argument(tex, at)
  local name = body:match('^%s*\\mathrm%s*(%b{})%s*$')
  if name and is_without_limits(name) then
    return '\\mathop{' .. body .. '}', after
  end
  if name then return '\\operatorname*' .. name, after end
  if body:match('^\\%a+$') or body:match('^[%a%s]*$') then return '\\operatorname*{' .. body .. '}', after end
  return marked('operator', '', carry(body, context)), after
end

function HANDLERS.mathchoice(tex, at, context)
  local choices = {}
  for n = 1, 4 do choices[n], at = argument(tex, at) end
  return carry('{' .. choices[context.display and 1 or 2] .. '}', context), at
end

function HANDLERS.genfrac(tex, at, context)
  local a = {}
  for n = 1, 6 do a[n], at = argument(tex, at) end
  local above, below = carry(a[5], context), carry(a[6], context)
  local body = '\\frac{' .. above .. '}{' .. below .. '}'
  if a[3] ~= '' then body = marked('bar', a[3], body) end
  local style = ({ ['0'] = 'displaystyle', ['1'] = 'textstyle', ['2'] = 'scriptstyle',
    ['3'] = 'scriptscriptstyle' })[a[4]]
  if style then body = marked('style', style, body) end
  if a[1] == '' and a[2] == '' then return body, at end
  local open, close = a[1] == '' and '.' or a[1], a[2] == '' and '.' or a[2]
  return '\\left' .. open .. ' ' .. body .. '\\right' .. close .. ' ', at
end

local function spaced(tex, at)
  local first, last = tex:find('^%*?%s*{%s*' .. LENGTH .. '%s*}', at)
  if first == nil then first, last = tex:find('^%s*' .. LENGTH, at) end
  if first == nil then return nil end
  return mark('space', tex:sub(first, last):match(LENGTH)), last + 1
end
for name in ('kern mkern hskip mskip hspace mspace'):gmatch('%a+') do HANDLERS[name] = spaced end

function HANDLERS.rule(tex, at, context)
  local _, after = option(tex, at)
  local wide
  wide, after = argument(tex, after)
  _, after = argument(tex, after)
  if not wide:match('^%s*0') then context.lost['\\rule'] = true end
  return '', after
end

local function line(kind)
  return function(tex, at)
    local first, last = tex:find('^%s*%b()', at)
    at = first and last + 1 or at
    if kind ~= 'part' then return mark('line', kind), at end
    local columns_under
    columns_under, at = argument(tex, at)
    return mark('line', columns_under), at
  end
end
for name in ('hline toprule midrule bottomrule'):gmatch('%a+') do HANDLERS[name] = line('whole') end
HANDLERS.hdashline = line('dashed')
HANDLERS.cline, HANDLERS.cmidrule = line('part'), line('part')

function HANDLERS.tag(tex, at, context)
  if not context.display then context.lost['\\tag'] = true end
  return nil
end

HANDLERS['begin'] = function(tex, at, context)
  local name, after = argument(tex, at)
  if name == 'array' then return array(tex, after, context.lost) end
  if name == 'darray' then return array(tex, after, context.lost) end
  if name == 'subarray' then return array(tex, after, context.lost) end
  if name == 'rcases' or name == 'drcases' then
    return '\\left.\\begin{array}{ll}', after
  end
  if name:match('^%a?matrix%*$') then
    local side
    side, after = option(tex, after)
    return '\\begin{' .. name .. '}' .. mark('sides', side or 'c'), after
  end
  return nil
end

HANDLERS['end'] = function(tex, at)
  local name, after = argument(tex, at)
  if name == 'darray' or name == 'subarray' then return '\\end{array}', after end
  if name == 'rcases' or name == 'drcases' then return '\\end{array}\\right\\}', after end
  return nil
end

-- The formula with marks for what pandoc drops.
function carry(tex, context)
  local written, at = {}, 1
  while true do
    local first, last, name = tex:find('\\(%a+)', at)
    local slash = tex:find('\\[^%a]', at)
    if slash and (first == nil or slash < first) then -- an escaped sign, or a line end
      written[#written + 1] = tex:sub(at, slash + 1)
      at = slash + 2
      local given, after = option(tex, at)
      if tex:sub(slash, slash + 1) == '\\\\' and given then
        if not given:match('^%s*' .. LENGTH .. '%s*$') then written[#written + 1] = '{}' else at = after end
      end
    elseif first == nil then
      break
    else
      local put, after
      if HANDLERS[name] then
        put, after = HANDLERS[name](tex, last + 1, context)
      elseif T.styles[name] then
        local stop = end_of_group(tex, last + 1)
        put, after = marked('style', name, carry(tex:sub(last + 1, stop), context)), stop + 1
      elseif T.signs[name] then
        put, after = T.signs[name] .. ' ', last + 1
      elseif T.lost[name] then
        context.lost['\\' .. name] = true
        _, after = option(tex, last + 1)
        put = ''
        for _ = 1, T.lost[name] do put, after = argument(tex, after) end
        put = T.texts[name] and '\\text{' .. put .. '}' or '{' .. carry(put, context) .. '}'
        if T.lost[name] == 0 then put, after = ' ', last + 1 end
      end
      written[#written + 1] = tex:sub(at, first - 1) .. (put or tex:sub(first, last))
      at = put and after or last + 1
    end
  end
  written[#written + 1] = tex:sub(at)
  return table.concat(written)
end

-- --- What pandoc does not know --------------------------------------------------------------------

-- `{a \over b}`: the parts before and after it in its group.
local function fractions(tex)
  tex = tex:gsub('%b{}', function(group) return '{' .. fractions(inside(group)) .. '}' end)
  local at = 1
  while true do
    local first, last, name = tex:find('\\(%a+)%f[%A]', at)
    if first == nil then return tex end
    local _, opened = tex:sub(1, first):gsub('{', '')
    local _, closed = tex:sub(1, first):gsub('}', '')
    if (name == 'over' or name == 'atop') and opened == closed then
      local fraction = '\\frac{' .. tex:sub(1, first - 1) .. '}{' .. tex:sub(last + 1) .. '}'
      return name == 'over' and fraction or marked('bar', '0pt', fraction)
    end
    at = last + 1
  end
end

local function known_words(tex)
  return (tex:gsub('\\(%a+)%*?', function(name)
    return T.words[name] and (T.words[name] .. (T.words[name] == '' and ' ' or '')) or nil
  end))
end

local function environments(tex)
  return (tex:gsub('\\cfrac%s*%[[lrc]%]', '\\dfrac'):gsub('\\cfrac%f[%A]', '\\dfrac')
    :gsub('{dcases%*?}', '{cases}'):gsub('{cases%*}', '{cases}')
    :gsub('\\begin{subequations}', ''):gsub('\\end{subequations}', '')
    :gsub('{flalign%*?}', '{aligned}'))
end

-- `{\rm x}` and `\rm x`: the command applies up to the end of its group.
local function declared(tex)
  for _, pair in ipairs(T.declared) do
    local name, command = pair[1], pair[2]
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

local function commands(tex)
  local written, at = {}, 1
  while true do
    local first, last, name = tex:find('\\(%a+)%*?', at)
    if first == nil then break end
    local known = T.commands[name]
    written[#written + 1] = tex:sub(at, first - 1)
    if T.arrows[name] then
      local below, above
      below, at = option(tex, last + 1)
      above, at = argument(tex, at)
      local arrow = below and '\\underset{' .. commands(below) .. '}{' .. T.arrows[name] .. '}'
        or T.arrows[name]
      written[#written + 1] = '\\overset{' .. commands(above) .. '}{' .. arrow .. '}'
    elseif known == nil then
      written[#written + 1] = tex:sub(first, last)
      at = last + 1
    else
      at = last + 1
      local given = {}
      if name ~= 'bra' and name ~= 'ket' then _, at = option(tex, at) end
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

local function bare_tags(tex)
  return (tex:gsub('\\tag%*?%s*%b{}', ''):gsub('\\label%s*%b{}', ''))
end

-- --- Formulas -------------------------------------------------------------------------------------

-- The one command without which an unreadable formula could be read; '' if there is none.
local function culprit(formula)
  local tried = {}
  for name in formula.text:gmatch('\\(%a+)') do
    if not tried[name] then
      tried[name] = true
      local without = formula.text:gsub('\\' .. name .. '%f[%A]%*?', ' ')
      if readable(pandoc.Math(formula.mathtype, without)) then return '\\' .. name end
    end
  end
  return ''
end

local function unread(formula)
  return pandoc.Span({ formula }, pandoc.Attr('', { 'formula' },
    { tex = formula.text, unread = culprit(formula) }))
end

local function rewritten(formula)
  local context = { display = formula.mathtype == 'DisplayMath', lost = {} }
  local tex = carry(formula.text, context)
  if tex == formula.text and readable(formula) then return nil end
  local other = pandoc.Math(formula.mathtype, tex)
  if not readable(other) then
    for _, step in ipairs({ environments, declared, known_words, bare_tags, fractions, commands, lines }) do
      tex = step(tex)
    end
    other = pandoc.Math(formula.mathtype, tex)
    if not readable(other) then return unread(formula) end
  end
  local lost = pandoc.List({})
  for name in pairs(context.lost) do lost:insert(name) end
  table.sort(lost)
  return pandoc.Span({ other }, pandoc.Attr('', { 'formula' },
    { tex = formula.text, lost = table.concat(lost, ', ') }))
end

return { { Pandoc = function(doc) whole = doc end }, { Math = rewritten } }
