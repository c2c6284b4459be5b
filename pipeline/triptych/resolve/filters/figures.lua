-- Images with labels, and divisions of images, tables or code, as written for pandoc-crossref and Quarto,
-- become figures with panels.

local L = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'label_words.lua' }))
local is_label, trim = L.is_label, L.trim

-- Turn an image with a label or a caption in its attributes into a figure.
local function figure_of(image)
  local attr, caption = pandoc.Attr(image.identifier), image.attributes['fig-cap']
  image.identifier, image.attributes['fig-cap'] = '', nil
  local words = caption and pandoc.read(caption, 'markdown', nil, {}).blocks or { pandoc.Plain(image.caption) }
  return pandoc.Figure({ pandoc.Plain({ image }) }, words, attr)
end

-- A labelled image at the start of a paragraph is a figure even if other words follow.
local function free_figures(para)
  local first, second = para.content[1], para.content[2]
  if not (first and first.t == 'Image') then return nil end
  if not (is_label(first.identifier) or first.attributes['fig-cap']) then return nil end
  if second and second.t ~= 'SoftBreak' and second.t ~= 'LineBreak' then return nil end
  local rest = trim(pandoc.Inlines({ table.unpack(para.content, 3) }))
  local blocks = pandoc.Blocks({ figure_of(first) })
  if #rest > 0 then blocks:extend(free_figures(pandoc.Para(rest)) or { pandoc.Para(rest) }) end
  return blocks
end

local function is_row(block) return block.t == 'Div' and block.classes:includes('side-by-side') end

-- A row with its images turned into figures: all, or only those with a label or a caption.
local function row_of_figures(row, all)
  for n, cell in ipairs(row.content) do
    local image = cell.t == 'Plain' and #cell.content == 1 and cell.content[1]
    if image and image.t == 'Image' and (all or is_label(image.identifier)
      or image.attributes['fig-cap']) then
      row.content[n] = figure_of(image)
    end
  end
  return row
end

-- `<div id="fig:x">` or `::: {#fig-x}`: panels, then a last paragraph that is the common caption.
local function group(div)
  local kind = div.identifier:match('^(%a+)[:%-]')
  if kind then kind = kind:lower() end
  if kind ~= 'fig' and kind ~= 'tbl' and kind ~= 'lst' then return nil end
  local caption = div.attributes['fig-cap'] or div.attributes['tbl-cap']
  local last = div.content[#div.content]
  local words
  if caption then
    words = pandoc.read(caption, 'markdown', nil, {}).blocks
  elseif #div.content > 1 and last.t == 'Para' and not (last.content[1].t == 'Image') then
    words = pandoc.Blocks({ pandoc.Plain(last.content) })
    div.content:remove(#div.content)
  end
  if kind == 'tbl' and #div.content == 1 and div.content[1].t == 'Table' then
    local tbl = div.content[1]
    if tbl.identifier == '' then tbl.identifier = div.identifier end
    if words then tbl.caption.long = words end
    return tbl
  end
  if kind == 'lst' and #div.content == 1 and div.content[1].t == 'Figure' then return nil end
  local blocks = pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    local images = block.content and (block.t == 'Para' or block.t == 'Plain')
      and block.content:filter(function(inline) return inline.t == 'Image' end) or {}
    if is_row(block) then
      blocks:insert(row_of_figures(block, kind == 'fig'))
    elseif #images == 0 then
      blocks:insert(block)
    elseif #images == 1 and #div.content == 1 and images[1].identifier == '' then
      if not words then words = pandoc.Blocks({ pandoc.Plain(images[1].caption) }) end
      blocks:insert(pandoc.Plain({ images[1] }))
    else
      for _, image in ipairs(images) do blocks:insert(figure_of(image)) end
    end
  end
  if #blocks == 1 and blocks[1].t == 'Figure' and blocks[1].identifier == '' then
    blocks[1].identifier = div.identifier
    if words then blocks[1].caption.long = words end
    return blocks[1]
  end
  local class = ({ fig = 'panels', tbl = 'tables', lst = 'listing' })[kind]
  local figure = pandoc.Figure(blocks, words or {}, pandoc.Attr(div.identifier, { class }))
  figure.attributes['fig-align'] = div.attributes['fig-align']
  return figure
end

return {
  { Para = free_figures },
  { Div = group },
  { Div = function(div) return is_row(div) and row_of_figures(div, false) or nil end },
}
