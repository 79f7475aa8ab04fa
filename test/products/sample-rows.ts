/** Products and rows of an import as tests need them. */
import type { Product } from '../../services/products/product.ts'

/** Valid EANs: `3017620422003` and others with the right check digit. */
export function sampleEan(number: number): string {
  const body = String(200_000_000_000 + number)
  const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 3 : 1), 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}

export function sampleRow(number: number, changes: object = {}): object {
  return {
    code: sampleEan(number),
    product_name: `Product ${number}`,
    brands: 'Sample Brand',
    categories_tags: 'en:beverages,en:teas',
    nutrition_grade_fr: 'b',
    nova_group: '4',
    energy_100g: 59,
    image_url: `https://images.example/${number}/front_fr.4.400.jpg`,
    created_t: 1_489_090_279,
    last_modified_t: 1_564_103_431,
    ...changes,
  }
}

/** What `PUT /products/{ean}` takes. */
export function sampleProduct(number: number): Omit<Product, 'code' | 'createdAt' | 'modifiedAt'> {
  return {
    name: `Tea ${number}`,
    brands: ['Own'],
    quantity: null,
    categories: ['en:teas'],
    nutritionGrade: 'a',
    novaGroup: 1,
    per100g: { energyKj: 59, fatG: 0, sugarsG: 1, proteinsG: 0, saltG: null },
  }
}
