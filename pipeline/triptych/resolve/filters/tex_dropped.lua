-- Part of the filter of formulas: what pandoc's reader of TeX knows and drops becomes a mark, which
-- `mathematics/placeholders.py` reads, or is noted as lost.

local function beside(name)
  return dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), name }))
end
local T, A = beside('tex_commands.lua'), beside('tex_arguments.lua')
local inside, argument, option, marked = A.inside, A.argument, A.option, A.marked
local end_of_group, mark = A.end_of_group, A.mark
local chemistry = beside('tex_chemistry.lua')

local MOST_COLUMNS = 1000  -- as in `read/nesting.py`
local LENGTH = '%-?[%d.]+%s*%a%a'
local carry

-- The columns of an array: the letters for pandoc, and the whole specification for the mark.
local function columns(spec, lost)
  spec = spec:gsub('%*%s*{(%d+)}%s*(%b{})', function(n, part)
    return inside(part):rep(math.min(tonumber(n), MOST_COLUMNS))
  end)
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

-- Whether a place is within words, as in `\text{see here}`: pandoc reads no `\text` within these.
local function in_words(tex, at)
  local depth = 0
  for place = at - 1, 1, -1 do
    local sign = tex:sub(place, place)
    if sign == '}' then depth = depth + 1 end
    if sign == '{' then depth = depth - 1 end
    if depth < 0 then return tex:sub(1, place - 1):match('\\[tm][eb]o?xt?%a*%s*$') ~= nil end
  end
  return false
end

-- A reference within a formula prints a number, which is not known yet. Its mark has an end.
for name, form in pairs({ ref = 'number', eqref = 'bracket', autoref = 'full', cref = 'full',
  Cref = 'full', subref = 'number', labelcref = 'number' }) do
  HANDLERS[name] = function(tex, at)
    local key, after = argument(tex, at)
    local made = mark('ref', form .. ':' .. key:match('^%s*(.-)%s*$')):gsub('}$', '\u{E001}}')
    return in_words(tex, at) and made:sub(#'\\text{' + 1, -2) or made, after
  end
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

for name in ('ce pu'):gmatch('%a+') do
  HANDLERS[name] = function(tex, at)
    local text, after = argument(tex, at)
    return '{' .. chemistry[name](text) .. '}', after
  end
end

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

return { carry = carry, of = function(doc) whole = doc end }
