// What a condition may hold: anything else is refused where it is read, in words of both languages.
using System.Text.Json;
using Lizhou.Contracts;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Policy.UserSql;

namespace Lizhou.Policy.Tests;

public sealed class ConditionTests
{
    private sealed record Holder(Condition? Where);

    [Theory]
    [InlineData("""{"column":"town","is":"Equal","value":1e999}""", "finite", "有限")]
    [InlineData("""{"column":"town","is":"Equal","value":-1e999}""", "finite", "有限")]
    [InlineData("""{"column":"town","oneOf":[1,1e400]}""", "finite", "有限")]
    [InlineData("""{"column":"town","is":"Equal","value":{}}""", "finite", "有限")]
    [InlineData("""{"column":"town","is":"Like","value":1}""", "AtLeast", "之一")]
    [InlineData("""{"column":1,"empty":true}""", "name of a column", "列名")]
    [InlineData("""{"column":"town","oneOf":1}""", "list", "列表")]
    [InlineData("""{"sql":"1=1"}""", "\"is\":\"Equal\"", "须为条件")]
    [InlineData("[]", "object", "对象")]
    public void A_condition_with_what_is_no_value_is_refused_in_both_languages(string json, string en, string zh)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        var refused = Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Holder>($$"""{"where":{{json}}}""", options));
        var fault = WrongJson.Of(refused, typeof(Holder), options);
        fault.Field.ShouldBe("where");
        fault.What.En.ShouldContain(en);
        fault.What.Zh.ShouldContain(zh);
        fault.What.Zh.ShouldNotContain("needs");
    }

    [Fact]
    public void A_number_beyond_decimals_is_kept_and_comes_back()
    {
        var read = JsonSerializer.Deserialize<Condition>("""{"column":"a","is":"Less","value":1e300}""")!;
        JsonSerializer.Deserialize<Condition>(JsonSerializer.Serialize(read)).ShouldBe(read);
    }

    [Fact]
    public void What_is_no_select_is_told_in_our_words()
    {
        var refused = SqlTree.Rewrite("""{"error":true,"error_type":"not implemented","error_message":"Only SELECT statements can be serialized to json!"}""", (_, _) => null).Problem!;
        refused.Code.ShouldBe("POL-020");
        refused.What.Zh.ShouldBe("只能执行一条 SELECT 查询：该语句不是 SELECT");
        refused.What.En.ShouldNotContain("json");
    }
}
