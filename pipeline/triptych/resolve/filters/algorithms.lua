-- Algorithms: LaTeX's `algorithm`, Quarto's cells and blocks of pseudocode, and divisions become figures
-- of class `algorithm`, with caption and id. LaTeX is shown as it is written; where it has a caption or
-- label, without what only says where it floats and how it is called.

local stringify = pandoc.utils.stringify

local LABEL = '\\label%s*{([^{}]*)}'
local OPTION = '^%s*[#%%/-]+|%s?([%w-]+):%s*(.-)%s*$'

local function is_tex(element) return element.format:match('tex') ~= nil end

local function read(text)
  local ok, doc = pcall(pandoc.read, text, 'latex+raw_tex', nil, {})
  return ok and doc.blocks or pandoc.Blocks({})
end

-- What an algorithm in LaTeX does: its lines without the float around them.
local function steps(text)
  local bare = text:gsub('\\caption%s*%b{}', ''):gsub(LABEL, '')
    :gsub('\\begin%s*{algorithm%*?}%s*%b[]', ''):gsub('\\begin%s*{algorithm%*?}', '')
    :gsub('\\end%s*{algorithm%*?}', ''):gsub('\\centering%f[%A]', '')
  local lines = pandoc.List({})
  for line in (bare .. '\n'):gmatch('(.-)\n') do
    local frame = line:match('^%s*\\%a+%s*{algorithmicx?}%s*(.-)%s*$')
    if line:match('%S') and not (frame and frame:match('^%[?[^%]]*%]?$')) then lines:insert(line) end
  end
  local shift = 99
  for _, line in ipairs(lines) do shift = math.min(shift, #line:match('^ *')) end
  return table.concat(lines:map(function(line) return line:sub(shift + 1) end), '\n')
end

local function told(attributes)
  attributes['told-code'] = 'raw-dropped'
  attributes['told-message'] = 'an algorithm is shown as it is written, not typeset'
  attributes['told-hint'] = 'no action is needed if its lines can be read so'
  return pandoc.Div({}, pandoc.Attr('', { 'told' }, attributes))
end

local function algorithm(text, caption, label, place)
  local written = text:match('\\caption%s*(%b{})')
  if not caption and written then caption = read(written:sub(2, -2)) end
  label = label or text:match(LABEL) or ''
  local code = pandoc.CodeBlock(steps(text))
  return {
    told(place),
    pandoc.Figure({ code }, caption or {}, pandoc.Attr(label, { 'algorithm' })),
  }
end

local function raw(block)
  if not is_tex(block) or not block.text:match('^%s*\\begin%s*{algorithm') then return nil end
  local first = block.text:match('^%s*(\\begin%s*{%a+%*?})')
  local place = { ['told-find'] = first }
  if not block.text:find('\\caption') and not block.text:find(LABEL) then
    return { told(place), pandoc.CodeBlock(block.text) }
  end
  return algorithm(block.text, nil, nil, place)
end

-- Blocks and cells of pseudocode, with their options in comments at the head.
local function pseudocode(code)
  if not (code.classes[1] or ''):match('^pseudocode$') then return nil end
  local options, kept = {}, pandoc.List({})
  for line in (code.text .. '\n'):gmatch('(.-)\n') do
    local name, value = line:match(OPTION)
    if name then
      options[name] = value:match('^"(.*)"$') or value:match("^'(.*)'$") or value
    else
      kept:insert(line)
    end
  end
  local caption = options.caption or options['algo-cap'] or options['alg-cap']
  local place = { ['told-line'] = code.attributes.line }
  if not place['told-line'] then place = { ['told-find'] = code.text:match('^[^\n]*') } end
  local label = options.label or (code.identifier ~= '' and code.identifier) or nil
  return algorithm(table.concat(kept, '\n'),
    caption and pandoc.read(caption, 'markdown', nil, {}).blocks, label, place)
end

-- `::: {#algo-x}`: the caption is an attribute, the first heading, or the last paragraph.
local function division(div)
  local named = div.identifier:match('^algo?[:%-]')
  if not named and not div.classes:includes('algorithm') then return nil end
  local words
  for _, name in ipairs({ 'caption', 'algo-cap', 'alg-cap', 'title', 'name' }) do
    local written = div.attributes[name]
    div.attributes[name] = nil
    words = words or (written and pandoc.read(written, 'markdown', nil, {}).blocks)
  end
  local first, last = div.content[1], div.content[#div.content]
  if not words and first and first.t == 'Header' then
    words = pandoc.Blocks({ pandoc.Plain(first.content) })
    div.content:remove(1)
  elseif not words and #div.content > 1 and last.t == 'Para' then
    words = pandoc.Blocks({ pandoc.Plain(last.content) })
    div.content:remove(#div.content)
  end
  if #div.content == 1 and div.content[1].t == 'Figure'
    and div.content[1].classes:includes('algorithm') then
    local inner = div.content[1]
    if inner.identifier == '' then inner.identifier = div.identifier end
    if words then inner.caption.long = words end
    return inner
  end
  return pandoc.Figure(div.content, words or {}, pandoc.Attr(div.identifier, { 'algorithm' }))
end

return { { RawBlock = raw, CodeBlock = pseudocode }, { Div = division } }
