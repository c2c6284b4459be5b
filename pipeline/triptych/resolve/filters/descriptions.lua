local stringify = pandoc.utils.stringify

-- Pandoc writes a PDF as an <embed>, and loses its description.
local function describe(image)
  if not image.src:lower():match('%.pdf$') and not image.src:lower():match('%.e?ps$') then return nil end
  image.attributes['data-described'] = image.attributes.alt or stringify(image.caption)
  return image
end

return { { Image = describe } }
