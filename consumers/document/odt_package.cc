#include "consumers/document/odt_package.h"

#include <zip.h>

#include <cstdint>
#include <kainjow/mustache.hpp>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

namespace {

const char* const kManifest = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"
manifest:version="1.2"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
)xml";

const char* const kMeta = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2">
<office:meta><dc:title>{{title}}</dc:title><dc:language>en-GB</dc:language></office:meta>
</office:document-meta>
)xml";

const char* const kStyles = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2">
<office:font-face-decls><style:font-face style:name="Arial" svg:font-family="Arial"
style:font-family-generic="swiss"/></office:font-face-decls>
<office:styles>
<style:default-style style:family="paragraph"><style:paragraph-properties fo:margin-top="0.1cm"
fo:margin-bottom="0.1cm" fo:orphans="2" fo:widows="2"/><style:text-properties style:font-name="Arial"
fo:font-size="11pt" fo:language="en" fo:country="GB"/></style:default-style>
<style:style style:name="Standard" style:family="paragraph"/>
<style:style style:name="Heading" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:margin-top="0.5cm" fo:keep-with-next="always"/><style:text-properties
fo:font-weight="bold"/></style:style>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph"
style:parent-style-name="Heading" style:default-outline-level="1"><style:text-properties fo:font-size="22pt"/>
</style:style>
<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph"
style:parent-style-name="Heading" style:default-outline-level="2"><style:text-properties fo:font-size="16pt"/>
</style:style>
<style:style style:name="Heading_20_3" style:display-name="Heading 3" style:family="paragraph"
style:parent-style-name="Heading" style:default-outline-level="3"><style:text-properties fo:font-size="12pt"/>
</style:style>
<style:style style:name="Notice" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:border-left="0.1cm solid #0b0c0c" fo:padding-left="0.2cm"/></style:style>
<style:style style:name="Quiet" style:family="paragraph" style:parent-style-name="Standard"><style:text-properties
fo:color="#484949" fo:font-size="9pt"/></style:style>
<style:style style:name="Caption" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:keep-with-next="always"/><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Table_20_Contents" style:display-name="Table Contents" style:family="paragraph"
style:parent-style-name="Standard"><style:paragraph-properties fo:margin-top="0cm" fo:margin-bottom="0cm"/>
<style:text-properties fo:font-size="10pt"/></style:style>
<style:style style:name="Table_20_Heading" style:display-name="Table Heading" style:family="paragraph"
style:parent-style-name="Table_20_Contents"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Number" style:family="paragraph" style:parent-style-name="Table_20_Contents">
<style:paragraph-properties fo:text-align="end"/></style:style>
<style:style style:name="Number_20_Heading" style:display-name="Number Heading" style:family="paragraph"
style:parent-style-name="Table_20_Heading"><style:paragraph-properties fo:text-align="end"/></style:style>
<style:style style:name="Marking" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:text-align="center"/><style:text-properties fo:font-weight="bold" fo:font-size="9pt"/>
</style:style>
<style:style style:name="Strong" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Emphasis" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>
<style:style style:name="Small" style:family="text"><style:text-properties fo:color="#484949" fo:font-size="9pt"
fo:font-weight="normal"/></style:style>
</office:styles>
<office:automatic-styles>
<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"
fo:margin-top="1.2cm" fo:margin-bottom="1.2cm" fo:margin-left="2cm" fo:margin-right="2cm"/><style:header-style>
<style:header-footer-properties fo:min-height="1cm" fo:margin-bottom="0.3cm"/></style:header-style>
<style:footer-style><style:header-footer-properties fo:min-height="1cm" fo:margin-top="0.3cm"/></style:footer-style>
</style:page-layout>
</office:automatic-styles>
<office:master-styles>
<style:master-page style:name="Standard" style:page-layout-name="A4">
<style:header><text:p text:style-name="Marking">{{marking}}</text:p><text:p
text:style-name="Quiet">{{title}}</text:p></style:header>
<style:footer><text:p text:style-name="Marking">{{marking}}</text:p>{{#notice}}<text:p
text:style-name="Quiet">{{notice}}</text:p>{{/notice}}<text:p
text:style-name="Quiet">Page <text:page-number
text:select-page="current">1</text:page-number> of <text:page-count>1</text:page-count></text:p></style:footer>
</style:master-page>
</office:master-styles>
</office:document-styles>
)xml";

std::string filled(const char* page, const OdtSheet& sheet) {
  kainjow::mustache::data data;
  data.set("title", sheet.title);
  data.set("marking", sheet.marking);
  if (!sheet.notice.empty()) data.set("notice", sheet.notice);
  return kainjow::mustache::mustache(page).render(data);
}

// Its memory must stay until the archive is closed.
void add(zip_t* archive, const char* name, std::string_view bytes, bool packed) {
  zip_source_t* const source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
  const zip_int64_t index = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
  MOOT_CHECK(index >= 0);
  const auto entry = static_cast<zip_uint64_t>(index);
  MOOT_CHECK(zip_set_file_compression(archive, entry, packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) == 0);
  constexpr zip_uint16_t kFirstOfJanuary1980 = 1 << 5 | 1;  // the first day that a zip archive can tell
  MOOT_CHECK(zip_file_set_dostime(archive, entry, 0, kFirstOfJanuary1980, 0) == 0);
}

}  // namespace

std::string odt_package(const std::string& content, const OdtSheet& sheet) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const whole = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* const archive = zip_open_from_source(whole, ZIP_TRUNCATE, &error);
  MOOT_CHECK(archive != nullptr);
  zip_source_keep(whole);  // closing the archive would let it go
  const std::string styles = filled(kStyles, sheet), meta = filled(kMeta, sheet);
  add(archive, "mimetype", "application/vnd.oasis.opendocument.text", false);
  add(archive, "content.xml", content, true);
  add(archive, "styles.xml", styles, true);
  add(archive, "meta.xml", meta, true);
  add(archive, "META-INF/manifest.xml", kManifest, true);
  MOOT_CHECK(zip_close(archive) == 0);
  MOOT_CHECK(zip_source_open(whole) == 0);
  MOOT_CHECK(zip_source_seek(whole, 0, SEEK_END) == 0);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(whole)), '\0');
  MOOT_CHECK(zip_source_seek(whole, 0, SEEK_SET) == 0);
  MOOT_CHECK(zip_source_read(whole, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(whole);
  zip_source_free(whole);
  return bytes;
}

}  // namespace moot
