-- Converts what is written for Quarto to plain forms. Code cells become code blocks, which are shown
-- but never run. Callouts and theorems become divisions of class `callout` and `statement`. Where
-- something is left out, a division of class `told` has the text of a diagnostic in its attributes.

local stringify = pandoc.utils.stringify

local CALLOUTS = { note = 'note', tip = 'tip', warning = 'warning', caution = 'caution',
  important = 'important' }
local STATEMENTS = {
  thm = 'theorem', lem = 'lemma', cor = 'corollary', prp = 'proposition', cnj = 'conjecture',
  def = 'definition', exm = 'example', exr = 'exercise', rem = 'remark', sol = 'solution',
}
local STATEMENT_CLASSES = { proof = 'proof', remark = 'remark', solution = 'solution' }
local DIAGRAMS = { mermaid = true, dot = true }

local function told(line, message, hint, attributes)
  attributes = attributes or {}
  attributes['told-code'] = 'cell-not-run'
  attributes['told-line'] = line
  attributes['told-message'] = message
  attributes['told-hint'] = hint
  return attributes
end

-- --- Cells ---------------------------------------------------------------------------------------

local function value_of(text)
  text = text:match('^%s*(.-)%s*$')
  local quoted = text:match('^"(.*)"$') or text:match("^'(.*)'$")
  if quoted then return quoted end
  local lower = text:lower()
  if lower == 'true' then return true elseif lower == 'false' then return false end
  return text
end

-- The texts of a list: `["A, b", C]`, R's `c("A", "b")`, or the items below a name, each on its line.
local function texts_of(written)
  local texts = pandoc.List({})
  local inside = written:match('^%s*%[(.*)%]%s*$') or written:match('^%s*c%((.*)%)%s*$')
  local rest = (inside or written:gsub('^%s*%-%s*', ''):gsub('\n%s*%-%s*', '\n'))
  local ends = inside and ',' or '\n'
  while rest:match('%S') do
    local text, after = rest:match('^%s*"([^"]*)"%s*' .. ends .. '?(.*)$')
    if not text then text, after = rest:match("^%s*'([^']*)'%s*" .. ends .. '?(.*)$') end
    if not text then text, after = rest:match('^%s*([^' .. ends .. ']*)' .. ends .. '?(.*)$') end
    texts:insert((text:gsub('%s+$', '')))
    rest = after
  end
  return texts
end

-- Options after the language, as in knitr: `label, echo=FALSE, fig.cap="A, b"`.
local function header_options(text)
  local options, rest = {}, text
  local first = true
  while rest ~= '' do
    local name, value, after = rest:match('^%s*([%w._-]+)%s*=%s*("[^"]*")%s*,?(.*)$')
    if not name then name, value, after = rest:match("^%s*([%w._-]+)%s*=%s*('[^']*')%s*,?(.*)$") end
    if not name then name, value, after = rest:match('^%s*([%w._-]+)%s*=%s*(c%b())%s*,?(.*)$') end
    if not name then name, value, after = rest:match('^%s*([%w._-]+)%s*=%s*([^,]*),?(.*)$') end
    if name then
      local key = name:gsub('%.', '-')
      local computed = key:match('%-cap$') and not value:match('^%s*["\'].*["\']%s*$')
      options[key] = computed and '' or value_of(value)
      if type(options[key]) == 'string' then options[key] = options[key]:gsub('\\([\\"\'])', '%1') end
    else
      local label
      label, after = rest:match('^%s*([^,]*),?(.*)$')
      if first and label ~= '' then options.label = label:match('^%s*(.-)%s*$') end
    end
    first, rest = false, after or ''
  end
  return options
end

-- Options in comments at the head of the code: `#| fig-cap: "…"`. A value may continue below.
local function comment_options(text, options)
  local kept, name, reading = {}, nil, true
  for line in (text .. '\n'):gmatch('(.-)\n') do
    local option = reading and line:match('^%s*[#%%/-]+| ?(.*)$')
    if option then
      local key, value = option:match('^([%w-]+):%s*(.*)$')
      if key then
        name, options[key] = key, value_of((value:gsub('^[|>][+-]?$', '')))
      elseif name and option:match('^%s*%-%s') then
        options[name] = stringify(options[name]) .. '\n' .. option
      elseif name and option:match('%S') then
        options[name] = (stringify(options[name]) .. ' ' .. option:match('^[%s-]*(.-)%s*$'))
          :match('^%s*(.-)$')
      end
    else
      reading = reading and not line:match('%S') and #kept == 0
      if not (reading and #kept == 0) then kept[#kept + 1] = line end
    end
  end
  return table.concat(kept, '\n')
end

-- R Markdown has formulas as `\(x\)` too.
local function markdown(text)
  return pandoc.read(text, 'markdown+tex_math_single_backslash', nil, {}).blocks
end

local function text_option(options, name)
  local value = options[name]
  return type(value) == 'string' and value ~= '' and value or nil
end

-- The files that a cell only shows: `knitr::include_graphics("a.png")`; nil if it does anything else.
local function shown_files(code)
  local files = pandoc.List({})
  for line in code:gmatch('[^\n]+') do
    local given = line:match('^%s*include_graphics%s*(%b())%s*$')
      or line:match('^%s*knitr::include_graphics%s*(%b())%s*$')
    local several = given and given:match('^%(%s*(c%b())')
    local file = given and (given:match('^%(%s*["\']([^"\']+)["\']')
      or given:match('path%s*=%s*["\']([^"\']+)["\']'))
    if several then files:extend(texts_of(several)) elseif file then files:insert(file) else return nil end
  end
  return #files > 0 and files or nil
end

local function picture(file, options, label)
  local attributes = { alt = text_option(options, 'fig-alt') }
  local width = text_option(options, 'out-width')
  if width and width:match('^%d+%%$') then attributes.width = width end
  local caption = text_option(options, 'fig-cap')
  local words = caption and markdown(caption) or pandoc.Blocks({})
  local inlines = pandoc.utils.blocks_to_inlines(words)
  local image = pandoc.Image(inlines, file, '', pandoc.Attr('', {}, attributes))
  if not caption and label == '' then return pandoc.Para({ image }) end
  return pandoc.Figure({ pandoc.Plain({ image }) }, words, pandoc.Attr(label))
end

-- A figure of several: for each a picture, or a sign that it is missing, with its own caption.
local function several(label, options, files, captions, caption)
  local descriptions = texts_of(text_option(options, 'fig-alt') or '')
  local blocks = pandoc.Blocks({})
  for n = 1, math.max(#files, #captions) do
    local words = captions[n] and markdown(captions[n]) or pandoc.Blocks({})
    local shown = pandoc.Span({ pandoc.Str('[' .. label .. '-' .. n .. ']') },
      pandoc.Attr('', { 'missing' }))
    if files[n] then
      local alt = #descriptions == 1 and descriptions[1] or descriptions[n]
      shown = pandoc.Image(pandoc.utils.blocks_to_inlines(words), files[n], '',
        pandoc.Attr('', {}, { alt = alt }))
    end
    blocks:insert(pandoc.Figure({ pandoc.Plain({ shown }) }, words, pandoc.Attr(label .. '-' .. n)))
  end
  if caption then blocks:extend(markdown(caption)) end
  return pandoc.Div(blocks, pandoc.Attr(label, {}, { ['layout-ncol'] = text_option(options,
    'layout-ncol'), ['layout-nrow'] = text_option(options, 'layout-nrow'),
    layout = text_option(options, 'layout') }))
end

-- The captions of the parts of what a cell makes. `true` asks for letters alone, one for each column.
local function captions_of_parts(options)
  local asked = options['fig-subcap'] or options['tbl-subcap']
  if type(asked) == 'string' then return texts_of(asked) end
  local captions = pandoc.List({})
  local columns = asked and tonumber(text_option(options, 'layout-ncol') or '') or 0
  for _ = 1, columns do captions:insert('') end
  return captions
end

-- The caption that the code gives to the table it prints.
local function table_caption(code)
  return code:match('[^%w_.]caption%s*=%s*"([^"]+)"') or code:match("[^%w_.]caption%s*=%s*'([^']+)'")
    or (code:match('[^%w_.]caption%s*=') and '')
end

-- bookdown's statements: divisions, or cells in older books.
local KNITR = {}
for prefix, kind in pairs(STATEMENTS) do KNITR[kind] = prefix end
KNITR.proof = 'prf'
local FENCED = { theorem = 'thm', lemma = 'lem', corollary = 'cor', proposition = 'prp',
  conjecture = 'cnj' }

local function statement(kind, prefix, id, name, blocks)
  local title = name and markdown(name)[1]
  if title then
    blocks:insert(1, pandoc.Plain({ pandoc.Span(title.content, pandoc.Attr('', { 'topic' })) }))
  end
  if id ~= '' and not id:match('^' .. prefix .. '[:-]') then id = prefix .. ':' .. id end
  return pandoc.Div(blocks, pandoc.Attr(id, { 'statement' },
    { ['data-kind'] = kind }))
end

local function knitr_statement(kind, options, text)
  return statement(kind, KNITR[kind], text_option(options, 'label') or '',
    text_option(options, 'name'), markdown(text))
end

local cells = 0

local function cell(code)
  if not code.classes:includes('cell') then return nil end
  cells = cells + 1
  local line = code.attributes.line or '0'
  local language = code.classes[1]
  local options = header_options(code.attributes.options or '')
  if KNITR[language] then return knitr_statement(language, options, code.text) end
  local text = comment_options(code.text, options):gsub('%s+$', '')
  local label = text_option(options, 'label') or ''
  local blocks = pandoc.Blocks({})
  local hidden = options.echo == false or options.include == false
  local shown = pandoc.CodeBlock(text, pandoc.Attr('', { language }))
  if not hidden and text ~= '' then
    local caption = text_option(options, 'lst-cap')
    local listing = text_option(options, 'lst-label') or (label:match('^lst') and label) or ''
    if caption or listing ~= '' then
      shown = pandoc.Figure({ shown }, markdown(caption or ''),
        pandoc.Attr(listing, { 'listing' }))
    end
    blocks:insert(shown)
  end
  local figure = options['fig-cap']
  if figure and label ~= '' and not label:match('^fig') then label = 'fig:' .. label end
  local made = text_option(options, 'tbl-cap')
  if not made and not figure and language == 'r' then
    made = table_caption(text)
    if made and label ~= '' and not label:match('^t[ab][bl][:%-]') then label = 'tab:' .. label end
  end
  local attributes
  local files = options.include ~= false and shown_files(text)
  local parts = captions_of_parts(options)
  if files and (#files == 1 or not label:match('^fig')) then
    for _, file in ipairs(files) do
      blocks:insert(picture(file, options, label:match('^fig') and label or ''))
    end
    return blocks
  elseif files then
    blocks:insert(several(label, options, files, parts, figure))
    return blocks
  end
  if options.include == false then
    attributes = told(line, 'a code cell is left out (include: false)', 'no action is needed if this is intended')
  elseif figure or label:match('^fig') or made or label:match('^tbl') then
    local what = (figure or label:match('^fig')) and 'figure' or 'table'
    attributes = told(line, 'cells are not run: the ' .. what .. ' that this one makes is missing',
      'run it with Quarto, save the ' .. what .. ', and show that')
    if #parts > 0 and label ~= '' then
      blocks:insert(several(label, options, {}, parts, figure or made))
    else
      local words = pandoc.Plain({ pandoc.Span({ pandoc.Str('[' .. (label ~= '' and label or what)
        .. ']') }, pandoc.Attr('', { 'missing' })) })
      blocks:insert(pandoc.Figure({ words }, markdown(figure or made or ''),
        pandoc.Attr(label, what == 'table' and { 'tables' } or {})))
    end
  elseif hidden then
    attributes = told(line, 'a cell of code is neither shown (echo: false) nor run',
      'write what it prints into the article')
  elseif DIAGRAMS[language] then
    attributes = told(line, 'the diagram is shown as it is written, not drawn',
      'save the drawing as SVG, and show that')
  end
  if attributes then
    blocks:insert(1, pandoc.Div({}, pandoc.Attr('', { 'told' }, attributes)))
  end
  return blocks
end

-- `{python} x`, and `r x` in papers with cells or where it calls something: code whose result would stand
-- in the line. It is told once, at the first.
local inline_cells = 0

local function is_inline_cell(code)
  return code.text:match('^{%a+}%s') or code.text:match('^r%s+[%w_.:$]+[%(%[$]')
    or (cells > 0 and code.text:match('^r%s'))
end

local inline_cell

local function inline_cells_of(doc)
  doc:walk({ Code = function(code)
    if is_inline_cell(code) then inline_cells = inline_cells + 1 end
  end })
  return inline_cells > 0 and doc:walk({ Code = inline_cell }) or nil
end

function inline_cell(code)
  if inline_cells == 0 or not is_inline_cell(code) then return nil end
  local count = inline_cells
  inline_cells = 0
  return { code, pandoc.Span({}, pandoc.Attr('', { 'told' }, {
    ['told-code'] = 'cell-not-run',
    ['told-find'] = '`' .. code.text,
    ['told-message'] = 'inline code is shown, not run' .. (count > 1 and ', in ' .. count .. ' places' or ''),
    ['told-hint'] = 'write what it prints',
  })) }
end

-- `# (APPENDIX) Appendix {-}` of bookdown prints nothing: the sections below it have letters.
local function appendices(blocks)
  local found = false
  return blocks:filter(function(block)
    if block.t ~= 'Header' or block.level > 1 then return true end
    local marked = stringify(block):match('^%(APPENDIX%)')
    found = found or marked
    if found and not block.classes:includes('unnumbered') then block.classes:insert('lettered') end
    return not marked
  end)
end

local function appendices_of(doc)
  doc.blocks = appendices(doc.blocks)
  return doc
end

-- --- Divisions -----------------------------------------------------------------------------------

local function kind_of(div, kinds)
  return kinds[div.identifier:match('^(%a+)%-') or '']
end

-- The title of a callout or theorem: its attribute, or its first heading.
local function take_title(div)
  local title = div.attributes.title or div.attributes.name
  div.attributes.title, div.attributes.name = nil, nil
  if title then
    local first = pandoc.read(title, 'markdown', nil, {}).blocks[1]
    return first and first.content or pandoc.Inlines({})
  end
  local first = div.content[1]
  if first and first.t == 'Header' then
    div.content:remove(1)
    return first.content
  end
  return pandoc.Inlines({})
end

local function titled(div, class, kind)
  local title = take_title(div)
  if #title > 0 then
    div.content:insert(1, pandoc.Plain({ pandoc.Span(title, pandoc.Attr('', { 'topic' })) }))
  end
  return pandoc.Div(div.content, pandoc.Attr(div.identifier, { class }, { ['data-kind'] = kind }))
end

local function conditional(div)
  local wanted, unwanted = div.attributes['when-format'], div.attributes['unless-format']
  if not wanted and not unwanted then return true end
  local ours = (wanted or unwanted):match('html') or (wanted or unwanted):match('epub')
  local met = (wanted and ours) or (unwanted and not ours)
  if div.classes:includes('content-hidden') then return not met end
  return met
end

-- `fig-subcap` of a division: the captions of its images, in order.
local function caption_parts(div)
  for _, name in ipairs({ 'fig-subcap', 'tbl-subcap' }) do
    local captions = texts_of(div.attributes[name] or '')
    div.attributes[name] = nil
    local n = 0
    if #captions > 0 then
      div.content = div.content:walk({ Image = function(image)
        n = n + 1
        if #image.caption > 0 or not captions[n] then return nil end
        image.caption = pandoc.utils.blocks_to_inlines(markdown(captions[n]))
        return image
      end })
    end
  end
end

-- What is a tab on a web page is a part of its section, named but not counted.
local function tabs(div)
  return div:walk({ Header = function(header)
    header.classes:extend({ 'unnumbered', 'unlisted' })
    return header
  end })
end

local function division(div)
  caption_parts(div)
  for _, class in ipairs(div.classes) do
    if class == 'panel-tabset' or class == 'tabset' then return tabs(div) end
    local callout = CALLOUTS[class:match('^callout%-(%a+)$') or '']
    if callout then return titled(div, 'callout', callout) end
    if FENCED[class] and not kind_of(div, STATEMENTS) then
      return statement(class, FENCED[class], div.identifier, div.attributes.name, div.content)
    end
    if STATEMENT_CLASSES[class] then return titled(div, 'statement', class) end
    if class == 'content-visible' or class == 'content-hidden' then
      if conditional(div) then return div.content end
      return pandoc.Div({}, pandoc.Attr('', { 'told' }, {
        ['told-code'] = 'conditional-left-out',
        ['told-find'] = '.' .. class,
        ['told-message'] = 'content for another format is left out',
        ['told-hint'] = 'no action is needed if this is intended: all editions say the same',
      }))
    end
  end
  local statement = kind_of(div, STATEMENTS)
  if statement then return titled(div, 'statement', statement) end
  return div
end

return { { CodeBlock = cell }, { Pandoc = inline_cells_of }, { Pandoc = appendices_of }, { Div = division } }
