-- Puts things side by side: the cells of Quarto's layouts, pandoc's columns, and images that share a
-- paragraph. Each row becomes a division of class `side-by-side`. Its attribute `shares` gives the
-- width of each cell: a share of the row, negative for a gap, or a length.

local STANDARD = { fig = true, tbl = true, lst = true }

local function row(cells, shares)
  return pandoc.Div(cells, pandoc.Attr('', { 'side-by-side' },
    { shares = table.concat(shares, ' ') }))
end

local function is_blank(inline)
  return inline.t == 'Space' or inline.t == 'SoftBreak' or inline.t == 'LineBreak'
end

-- The images of a paragraph with nothing else in it, line by line; or nil.
local function image_lines(block)
  if block.t ~= 'Para' and block.t ~= 'Plain' then return nil end
  local lines, count = { pandoc.List({}) }, 0
  for _, inline in ipairs(block.content) do
    if inline.t == 'Image' then
      lines[#lines]:insert(inline)
      count = count + 1
    elseif inline.t == 'LineBreak' and #lines[#lines] > 0 then
      lines[#lines + 1] = pandoc.List({})
    elseif not is_blank(inline) then
      return nil
    end
  end
  return count > 0 and lines or nil, count
end

-- --- Widths of images ----------------------------------------------------------------------------

local function percents(width) return tonumber((width or ''):match('^%s*([%d.]+)%%%s*$')) end

-- A row of cells, with or without widths. Cells that do not fit the line begin another row.
local function by_widths(cells, widths, blocks)
  local told, rest = 0, 0
  for n = 1, #cells do
    if widths[n] then told = told + (percents(widths[n]) or 0) else rest = rest + 1 end
  end
  if rest == #cells then
    local shares = {}
    for n = 1, #cells do shares[n] = '1' end
    blocks:insert(row(cells, shares))
    return
  end
  local each = rest > 0 and (told <= 90 and (100 - told) / rest or 100) or 0
  local some, shares, sum = pandoc.List({}), {}, 0
  for n, cell in ipairs(cells) do
    local width = widths[n] or ('%g%%'):format(each)
    if sum + (percents(width) or 0) > 101 then
      blocks:insert(row(some, shares))
      some, shares, sum = pandoc.List({}), {}, 0
    end
    some:insert(cell)
    shares[#shares + 1] = width
    sum = sum + (percents(width) or 0)
  end
  blocks:insert(row(some, shares))
end

local function image_rows(para)
  local lines, count = image_lines(para)
  if not lines or count < 2 then return nil end
  local blocks = pandoc.Blocks({})
  for _, images in ipairs(lines) do
    if #images == 1 then
      blocks:insert(pandoc.Plain({ images[1] }))
    elseif #images > 1 then
      local cells, widths = pandoc.List({}), {}
      for n, image in ipairs(images) do
        local width = image.attributes.width
        image.attributes.width = nil
        widths[n] = width and (width:match('^%d+$') and width .. 'px' or width)
        cells:insert(pandoc.Plain({ image }))
      end
      by_widths(cells, widths, blocks)
    end
  end
  return blocks
end

-- --- Quarto's layouts ----------------------------------------------------------------------------

-- The rows of `[[1,1],[2,-1,1]]`, of `[1,2]`: lists of numbers.
local function rows_in(text)
  local rows = {}
  for inside in text:gmatch('%[([^%[%]]*)%]') do
    local numbers = {}
    for number in inside:gmatch('%-?[%d.]+') do
      if tonumber(number) and tonumber(number) ~= 0 then numbers[#numbers + 1] = tonumber(number) end
    end
    if #numbers > 0 then rows[#rows + 1] = numbers end
  end
  return rows
end

local function even_rows(count, columns)
  local rows = {}
  for _ = 1, math.ceil(count / columns) do
    local numbers = {}
    for n = 1, columns do numbers[n] = 1 end
    rows[#rows + 1] = numbers
  end
  return rows
end

local function layout_of(attributes, count)
  local columns = tonumber(attributes['layout-ncol'] or '')
  local lines = tonumber(attributes['layout-nrow'] or '')
  if attributes.layout then return rows_in(attributes.layout) end
  if columns and columns >= 1 then return even_rows(count, math.floor(columns)) end
  if lines and lines >= 1 then return even_rows(count, math.ceil(count / math.floor(lines))) end
  return {}
end

-- The cells of a layout: each block, each image, and each heading with what follows it.
local function cells_of(blocks)
  local cells, headed = pandoc.List({}), nil
  for _, block in ipairs(blocks) do
    local lines = image_lines(block)
    if block.t == 'Header' then
      headed = pandoc.Div({ block })
      cells:insert(headed)
    elseif headed then
      headed.content:insert(block)
    elseif block.t == 'Div' and block.classes:includes('side-by-side') then
      cells:extend(block.content)
    elseif lines then
      cells:insert(pandoc.Plain({ lines[1][1] }))
    elseif block.t == 'Figure' then
      cells:insert(block)
    else
      cells:insert(pandoc.Div({ block }))
    end
  end
  return cells
end

local function laid_out(cells, rows, blocks)
  local n = 1
  for _, numbers in ipairs(rows) do
    local some, shares = pandoc.List({}), {}
    for _, number in ipairs(numbers) do
      local cell = number > 0 and cells[n]
      if cell then
        some:insert(cell)
        n = n + 1
      end
      shares[#shares + 1] = ('%g'):format(cell and number or -math.abs(number))
    end
    if #some > 0 then blocks:insert(row(some, shares)) end
  end
  for left = n, #cells do blocks:insert(cells[left]) end
end

local function malformed(layout)
  return pandoc.Div({}, pandoc.Attr('', { 'told' }, {
    ['told-code'] = 'layout-malformed',
    ['told-find'] = layout,
    ['told-message'] = 'the layout ' .. layout .. ' is not understood: its cells stand one below the other',
    ['told-hint'] = 'write layout="[[1,1],[1]]", layout-ncol=2 or layout-nrow=1',
  }))
end

local function layout(div)
  local named = div.attributes.layout or div.attributes['layout-ncol']
    or div.attributes['layout-nrow']
  if not named then return nil end
  local content, caption = div.content, nil
  local kind = div.identifier:match('^(%a+)[:%-]')
  local last = content[#content]
  if STANDARD[kind] and #content > 1 and last.t == 'Para' and not image_lines(last)
    and not div.attributes[kind .. '-cap'] then
    caption = last
    content:remove(#content)
  end
  local cells = cells_of(content)
  local rows = layout_of(div.attributes, #cells)
  local blocks = pandoc.Blocks({})
  if #rows == 0 then
    blocks:insert(malformed(named))
    blocks:extend(content)
  else
    laid_out(cells, rows, blocks)
  end
  if caption then blocks:insert(caption) end
  for _, name in ipairs({ 'layout', 'layout-ncol', 'layout-nrow', 'layout-valign' }) do
    div.attributes[name] = nil
  end
  div.content = blocks
  return div
end

-- `.columns` with several `.column`.
local function columns(div)
  if not div.classes:includes('columns') then return nil end
  local cells, widths = pandoc.List({}), {}
  for _, block in ipairs(div.content) do
    if block.t ~= 'Div' or not block.classes:includes('column') then return nil end
    widths[#widths + 1] = block.attributes.width
    block.attributes.width = nil
    cells:insert(block)
  end
  if #cells < 2 then return nil end
  local blocks = pandoc.Blocks({})
  for n = 1, #cells do if not widths[n] then widths = {} end end
  by_widths(cells, widths, blocks)
  div.content = blocks
  return div
end

-- A figure of figures: pandoc reads LaTeX's subfigures as this.
local function figures(figure)
  local cells, widths = pandoc.List({}), {}
  for _, block in ipairs(figure.content) do
    if block.t == 'Figure' then
      widths[#cells + 1] = block.attributes.width
      block.attributes.width = nil
      cells:insert(block)
    elseif block.t ~= 'RawBlock' then  -- \hfill between them
      return nil
    end
  end
  if #cells < 2 then return nil end
  local blocks = pandoc.Blocks({})
  for n = 1, #cells do if not widths[n] then widths = {} end end
  by_widths(cells, widths, blocks)
  figure.content = blocks
  figure.classes:insert('panels')
  return figure
end

return {
  { Para = image_rows },
  { Div = function(div) return layout(div) or columns(div) end, Figure = figures },
}
